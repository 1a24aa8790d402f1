using Vigie.Model;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// Dense bucket counts to the spans of a native histogram, laid out as Prometheus' client library does: runs of up to two empty buckets
/// stay,
/// longer ones start a new span.
/// </summary>
static class NativeBuckets
{
    const int GapMax = 2;

    /// <param name="counts">Counts of consecutive buckets.</param>
    /// <param name="first">Index of the first bucket in the schema of the counts.</param>
    /// <param name="scaleDown">2 to this power buckets are joined into one.</param>
    /// <param name="shift">Added to the index after joining: exponential buckets of OTLP are numbered one lower than Prometheus'.</param>
    /// <exception cref="OtlpRefusal">An index is no 32-bit number.</exception>
    public static (HistogramSpan[] Spans, double[] Counts) Lay(ReadOnlySpan<ulong> counts, int first, int scaleDown, int shift)
    {
        if (counts.IsEmpty) return ([], []);
        // A shift of 31 or more would be taken modulo 32.
        int down = Math.Min(scaleDown, 31);
        var spans = new List<HistogramSpan>(4);
        var output = new List<double>(counts.Length);
        int next = IndexOf(0);
        spans.Add(new HistogramSpan(next, 0));
        for (int i = 0; i < counts.Length;)
        {
            int index = IndexOf(i);
            double count = 0;
            for (; i < counts.Length && IndexOf(i) == index; i++) count += counts[i];
            if (count == 0 && i < counts.Length) continue;
            int gap = index - next;
            if (gap > GapMax) spans.Add(new HistogramSpan(gap, 0));
            else for (; gap > 0; gap--) Append(0);
            Append(count);
            next = index + 1;
        }
        return ([.. spans], [.. output]);

        int IndexOf(int i)
        {
            long index = (((long)first + i) >> down) + shift;
            return index is >= int.MinValue and <= int.MaxValue
                ? (int)index
                : throw new OtlpRefusal($"found histogram bucket {index}, expected a 32-bit number");
        }

        void Append(double count)
        {
            spans[^1] = spans[^1] with { Length = spans[^1].Length + 1 };
            output.Add(count);
        }
    }
}
