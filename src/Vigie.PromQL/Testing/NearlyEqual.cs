using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>Equality up to rounding, as the reference runner has it (util/almost): relative error below 10⁻⁶.</summary>
static class NearlyEqual
{
    const double Tolerance = 1e-6;
    const double SmallestNormal = 2.2250738585072014e-308;

    public static bool Numbers(double left, double right)
    {
        if (StaleMarker.IsStale(left) || StaleMarker.IsStale(right)) return StaleMarker.IsStale(left) && StaleMarker.IsStale(right);
        if (double.IsNaN(left) && double.IsNaN(right)) return true;
        if (left == right) return true;
        double sum = Math.Abs(left) + Math.Abs(right), difference = Math.Abs(left - right);
        if (left == 0 || right == 0 || sum < SmallestNormal) return difference < Tolerance * SmallestNormal;
        return difference / Math.Min(sum, double.MaxValue) < Tolerance;
    }

    public static bool Histograms(FloatHistogram left, FloatHistogram right)
    {
        if (left.Schema != right.Schema || left.ZeroThreshold != right.ZeroThreshold) return false;
        if (left.UsesCustomBuckets && !left.CustomValues.AsSpan().SequenceEqual(right.CustomValues)) return false;
        return Numbers(left.Count, right.Count) && Numbers(left.Sum, right.Sum) && Numbers(left.ZeroCount, right.ZeroCount)
            && Buckets(left.PositiveSpans, left.PositiveBuckets, right.PositiveSpans, right.PositiveBuckets)
            && Buckets(left.NegativeSpans, left.NegativeBuckets, right.NegativeSpans, right.NegativeBuckets);
    }

    static bool Buckets(HistogramSpan[] leftSpans, double[] leftCounts, HistogramSpan[] rightSpans, double[] rightCounts)
    {
        var left = Populated(leftSpans, leftCounts);
        var right = Populated(rightSpans, rightCounts);
        if (left.Count != right.Count) return false;
        for (int i = 0; i < left.Count; i++)
            if (left[i].Index != right[i].Index || !Numbers(left[i].Count, right[i].Count)) return false;
        return true;
    }

    /// <summary>Index and count of the buckets that are not empty.</summary>
    static List<(int Index, double Count)> Populated(HistogramSpan[] spans, double[] counts)
    {
        var buckets = new List<(int, double)>();
        int index = 0, at = 0;
        foreach (var span in spans)
        {
            index += span.Offset;
            for (int i = 0; i < span.Length; i++, index++, at++)
                if (counts[at] != 0) buckets.Add((index, counts[at]));
        }
        return buckets;
    }
}
