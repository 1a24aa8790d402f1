namespace Vigie.Metrics;

/// <summary>
/// Chooses blocks to merge: a run of neighbours of about the same size, so that each sample is rewritten a logarithmic number of times
/// (size-tiered, as in O'Neil et al., "The log-structured merge-tree", 1996, and its successors).
/// </summary>
static class CompactionPlan
{
    /// <summary>Neighbours of one tier that are merged.</summary>
    public const int RunLength = 4;
    const long SmallestTierBytes = 256 << 10;

    /// <summary>
    /// The first and the number of the blocks to merge; a number of 0 if nothing is to do. The result spans at most
    /// <paramref name="spanMax"/>, or what the longest of the blocks spans already.
    /// </summary>
    public static (int First, int Count) Choose(IReadOnlyList<Block> blocks, TimeSpan spanMax)
    {
        for (int tier = 0; tier <= 32; tier++)
        {
            int first = 0;
            while (first < blocks.Count)
            {
                int end = first;
                while (end < blocks.Count && TierOf(blocks[end]) <= tier && MaySpan(blocks, first, end, spanMax)) end++;
                if (end - first >= RunLength) return (first, end - first);
                first = Math.Max(end, first + 1);
            }
        }
        return (0, 0);
    }

    static int TierOf(Block block)
    {
        int tier = 0;
        for (long bytes = block.Bytes; bytes > SmallestTierBytes; bytes /= RunLength) tier++;
        return tier;
    }

    static bool MaySpan(IReadOnlyList<Block> blocks, int first, int last, TimeSpan spanMax)
    {
        var span = SpanOf(blocks, first, last);
        if (span <= spanMax) return true;
        for (int i = first; i <= last; i++)
            if (SpanOf(blocks, i, i) >= span) return true;
        return false;
    }

    static TimeSpan SpanOf(IReadOnlyList<Block> blocks, int first, int last)
    {
        long min = long.MaxValue, max = long.MinValue;
        for (int i = first; i <= last; i++)
        {
            min = Math.Min(min, blocks[i].MinTimeMs);
            max = Math.Max(max, blocks[i].MaxTimeMs);
        }
        double milliseconds = (double)max - min;
        return milliseconds >= TimeSpan.MaxValue.TotalMilliseconds ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(milliseconds);
    }
}
