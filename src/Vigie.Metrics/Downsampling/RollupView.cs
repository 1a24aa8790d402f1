using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>The blocks of one tier at one moment, by aggregate. Kept alive by the <see cref="StoreView"/> it is part of.</summary>
sealed record RollupView(long ResolutionMs, Block[][] Columns)
{
    public IEnumerable<Block> AllBlocks => Columns.SelectMany(static column => column);

    public Block[] this[Rollup aggregate] => Columns[(int)aggregate];

    /// <summary>End of the newest window; <see cref="long.MinValue"/> if there is none.</summary>
    public long MaxTimeMs
    {
        get
        {
            long max = long.MinValue;
            foreach (var block in this[Rollup.Last]) max = Math.Max(max, block.MaxTimeMs);
            return max;
        }
    }

    /// <summary>End of the first window of a series; <see cref="long.MaxValue"/> if there is none.</summary>
    public long FirstOf(Labels labels) => FirstOf(this[Rollup.Last], labels);

    /// <summary>Time of the first sample of a series in any of the blocks; <see cref="long.MaxValue"/> if none has it.</summary>
    public static long FirstOf(Block[] blocks, Labels labels)
    {
        long first = long.MaxValue;
        foreach (var block in blocks)
        {
            if (block.MinTimeMs >= first) continue;
            int ordinal = block.Find(labels);
            if (ordinal < 0) continue;
            foreach (var chunk in block.ChunksOf(ordinal))
            {
                first = Math.Min(first, block.RunOf(chunk).MinTimeMs);
                break;
            }
        }
        return first;
    }

    /// <summary>Appends the windows of a series that end in the range, ascending.</summary>
    public void Read(Rollup aggregate, Labels labels, TimeRange range, SampleColumns output)
    {
        int start = output.Count;
        foreach (var block in this[aggregate])
        {
            if (!range.Overlaps(new TimeRange(block.MinTimeMs, block.MaxTimeMs))) continue;
            int ordinal = block.Find(labels);
            if (ordinal >= 0) block.Read(ordinal, range, output);
        }
        SampleOrder.Restore(output, start);
    }
}
