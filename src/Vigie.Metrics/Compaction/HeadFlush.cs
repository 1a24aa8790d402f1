using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>Writes a frozen generation to a block.</summary>
static class HeadFlush
{
    public static void WriteTo(BlockWriter writer, Generation generation, HeadIndex index, CancellationToken cancellation)
    {
        var slots = new List<int>();
        index.Lock.EnterReadLock();
        try
        {
            for (int slot = 0; slot < generation.SlotEnd; slot++)
                if (ChunkReader.Overlaps(generation, slot, TimeRange.All)) slots.Add(slot);
        }
        finally
        {
            index.Lock.ExitReadLock();
        }
        // No lock is needed from here on: series with samples in a generation in memory are not dropped.
        index.SortByLabels(CollectionsMarshal.AsSpan(slots));
        var samples = new SampleColumns();
        Label[] labels = [];
        foreach (int slot in slots)
        {
            cancellation.ThrowIfCancellationRequested();
            samples.Clear();
            ChunkReader.Read(generation, slot, TimeRange.All, samples);
            SampleOrder.Restore(samples, 0);
            writer.AddSamples(samples);
            writer.EndSeries(index.LabelsOf(slot, ref labels), index.Series[slot].Hash);
        }
    }
}
