using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>Spans of buckets as the set of indexes they stand for.</summary>
static class BucketSpans
{
    public static int Count(ReadOnlySpan<HistogramSpan> spans)
    {
        int count = 0;
        foreach (var span in spans) count += span.Length;
        return count;
    }

    /// <summary>Spans that hold the buckets of both.</summary>
    public static HistogramSpan[] Union(HistogramSpan[] left, HistogramSpan[] right)
    {
        if (left.AsSpan().SequenceEqual(right)) return left;
        int[] a = Indexes(left), b = Indexes(right);
        var union = new List<HistogramSpan>(Math.Max(left.Length, right.Length) + 1);
        int next = 0, i = 0, j = 0;
        while (i < a.Length || j < b.Length)
        {
            int index = Math.Min(i < a.Length ? a[i] : int.MaxValue, j < b.Length ? b[j] : int.MaxValue);
            if (i < a.Length && a[i] == index) i++;
            if (j < b.Length && b[j] == index) j++;
            if (union.Count > 0 && index == next) union[^1] = union[^1] with { Length = union[^1].Length + 1 };
            else union.Add(new HistogramSpan(index - next, 1));
            next = index + 1;
        }
        return [.. union];
    }

    /// <summary>Puts counts that lie in <paramref name="spans"/> where they lie in <paramref name="wider"/>; zero where there is none.</summary>
    /// <param name="output">As long as the wider spans say.</param>
    public static void Spread(HistogramSpan[] spans, ReadOnlySpan<double> counts, HistogramSpan[] wider, Span<double> output)
    {
        if (spans.AsSpan().SequenceEqual(wider))
        {
            counts.CopyTo(output);
            return;
        }
        output.Clear();
        int[] from = Indexes(spans), to = Indexes(wider);
        int at = 0;
        for (int i = 0; i < from.Length; i++)
        {
            while (to[at] != from[i]) at++;
            output[at] = counts[i];
        }
    }

    static int[] Indexes(ReadOnlySpan<HistogramSpan> spans)
    {
        var indexes = new int[Count(spans)];
        int index = 0, at = 0;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (int i = 0; i < span.Length; i++) indexes[at++] = index++;
        }
        return indexes;
    }
}
