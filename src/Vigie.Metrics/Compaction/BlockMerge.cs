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

    readonly Source[] _sources = [.. sources.Select(block => new Source(block))];
    readonly List<(Block Block, int Ordinal)> _places = [];
    readonly SampleColumns _samples = new();
    readonly long[] _times = new long[BlockFormat.ChunkSamplesMax];

    public void WriteTo(BlockWriter writer, CancellationToken cancellation)
    {
        Label[] labels = [];
        while (Smallest() is { } smallest)
        {
            cancellation.ThrowIfCancellationRequested();
            if (labels.Length < smallest.Labels.Length) labels = new Label[smallest.Labels.Length];
            smallest.Labels.CopyTo(labels);
            var series = labels.AsSpan(0, smallest.Labels.Length);
            ulong hash = smallest.Block.HashOf(smallest.Ordinal);
            _places.Clear();
            foreach (var source in _sources)
            {
                if (source.AtEnd || Labels.Compare(source.Labels, series) != 0) continue;
                _places.Add((source.Block, source.Ordinal));
                source.MoveNext();
            }
            if (MayCopy()) CopyTo(writer);
            else MergeTo(writer);
            writer.EndSeries(series, hash);
        }
    }

    Source? Smallest()
    {
        Source? smallest = null;
        foreach (var source in _sources)
            if (!source.AtEnd && (smallest is null || Labels.Compare(source.Labels, smallest.Labels) < 0)) smallest = source;
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

    /// <summary>The place in a block that is being merged.</summary>
    sealed class Source
    {
        Label[] _labels = [];
        int _labelCount;

        public Source(Block block)
        {
            Block = block;
            Load();
        }

        public Block Block { get; }
        public int Ordinal { get; private set; }
        public bool AtEnd => Ordinal == Block.SeriesCount;
        public ReadOnlySpan<Label> Labels => _labels.AsSpan(0, _labelCount);

        public void MoveNext()
        {
            Ordinal++;
            Load();
        }

        void Load() => _labelCount = AtEnd ? 0 : Block.LabelsOf(Ordinal, ref _labels).Length;
    }
}
