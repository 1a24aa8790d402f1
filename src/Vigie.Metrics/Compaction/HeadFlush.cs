using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>Writes a frozen generation to a block.</summary>
static class HeadFlush
{
    public static void WriteTo(BlockWriter writer, Generation generation, HeadIndex index, CancellationToken cancellation)
    {
        var series = new List<(Labels Labels, int Slot)>();
        index.Lock.EnterReadLock();
        try
        {
            for (int slot = 0; slot < generation.SlotEnd; slot++)
                if (ChunkReader.Overlaps(generation, slot, TimeRange.All)) series.Add((index.LabelsOf(slot), slot));
        }
        finally
        {
            index.Lock.ExitReadLock();
        }
        series.Sort(static (a, b) => a.Labels.CompareTo(b.Labels));
        var samples = new SampleColumns();
        foreach (var (labels, slot) in series)
        {
            cancellation.ThrowIfCancellationRequested();
            samples.Clear();
            ChunkReader.Read(generation, slot, TimeRange.All, samples);
            SampleOrder.Restore(samples, 0);
            writer.Add(labels, samples);
        }
    }
}
