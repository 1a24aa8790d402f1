using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// Merges blocks into one, a series at a time: memory is bounded by the longest series. Deleted samples stay behind. Where the blocks' samples
/// follow one another in time, large chunks are copied as they are.
/// </summary>
/// <param name="sources">Oldest first: of samples with the same time the older block's stays.</param>
sealed class BlockMerge(IReadOnlyList<Block> sources)
{
    /// <summary>Smaller chunks are decoded and joined with their neighbours.</summary>
    const int CopiedSamplesMin = BlockFormat.ChunkSamplesMax / 2;

    readonly int[] _next = new int[sources.Count];
    readonly Labels?[] _labels = new Labels?[sources.Count];
    readonly List<(Block Block, int Ordinal)> _places = [];
    readonly SampleColumns _samples = new();
    readonly long[] _times = new long[BlockFormat.ChunkSamplesMax];

    public void WriteTo(BlockWriter writer, CancellationToken cancellation)
    {
        for (int i = 0; i < sources.Count; i++) Load(i);
        while (Smallest() is { } labels)
        {
            cancellation.ThrowIfCancellationRequested();
            _places.Clear();
            for (int i = 0; i < sources.Count; i++)
            {
                if (_labels[i] is not { } own || own.CompareTo(labels) != 0) continue;
                _places.Add((sources[i], _next[i]));
                _next[i]++;
                Load(i);
            }
            if (MayCopy()) CopyTo(writer);
            else MergeTo(writer);
            writer.EndSeries(labels);
        }
    }

    void Load(int source) => _labels[source] = _next[source] < sources[source].SeriesCount ? sources[source].LabelsOf(_next[source]) : null;

    Labels? Smallest()
    {
        Labels? smallest = null;
        foreach (var labels in _labels)
            if (labels is not null && (smallest is null || labels.CompareTo(smallest) < 0)) smallest = labels;
        return smallest;
    }

    /// <summary>Nothing was deleted from the series, and its chunks ascend from block to block.</summary>
    bool MayCopy()
    {
        long last = long.MinValue;
        foreach (var (block, ordinal) in _places)
        {
            if (block.Tombstones.Has(ordinal)) return false;
            foreach (var chunk in block.ChunksOf(ordinal))
            {
                var run = block.RunOf(chunk);
                if (run.MinTimeMs <= last) return false;
                last = run.MaxTimeMs;
            }
        }
        return true;
    }

    void CopyTo(BlockWriter writer)
    {
        _samples.Clear();
        foreach (var (block, ordinal) in _places)
        {
            foreach (var chunk in block.ChunksOf(ordinal))
            {
                var times = _times.AsSpan(0, block.RunOf(chunk).Samples);
                if (times.Length >= CopiedSamplesMin)
                {
                    if (!block.TryReadEncoded(chunk, times, out var bytes)) continue;
                    WriteSamples(writer);
                    writer.AddChunk(chunk.Encoding, times, bytes);
                }
                else
                {
                    block.Read(chunk, TimeRange.All, _samples);
                }
            }
        }
        WriteSamples(writer);
    }

    void MergeTo(BlockWriter writer)
    {
        _samples.Clear();
        foreach (var (block, ordinal) in _places) block.Read(ordinal, TimeRange.All, _samples);
        SampleOrder.Restore(_samples, 0);
        WriteSamples(writer);
    }

    void WriteSamples(BlockWriter writer)
    {
        writer.AddSamples(_samples);
        _samples.Clear();
    }
}
