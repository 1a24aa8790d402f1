using System.Diagnostics;

namespace Vigie.Model;

/// <summary>Schema, zero bucket and spans: what decides where the buckets lie.</summary>
public sealed partial class FloatHistogram
{
    /// <summary>A copy in a coarser schema.</summary>
    public FloatHistogram AtSchema(int coarserSchema)
    {
        var copy = Copy();
        copy.ReduceResolution(coarserSchema);
        return copy;
    }

    /// <summary>Joins buckets, in place, until the schema is <paramref name="coarserSchema"/>.</summary>
    public void ReduceResolution(int coarserSchema)
    {
        if (coarserSchema == Schema) return;
        Debug.Assert(!UsesCustomBuckets && coarserSchema < Schema && coarserSchema >= ExponentialBounds.SchemaMin, "not a coarser schema");
        (PositiveSpans, PositiveBuckets) = Reduce(PositiveSpans, PositiveBuckets, Schema, coarserSchema);
        (NegativeSpans, NegativeBuckets) = Reduce(NegativeSpans, NegativeBuckets, Schema, coarserSchema);
        Schema = coarserSchema;
    }

    static (HistogramSpan[], double[]) Reduce(HistogramSpan[] spans, double[] counts, int schema, int coarserSchema)
    {
        var reduced = new BucketCollector(counts.Length);
        var buckets = new BucketCursor(spans, counts);
        while (buckets.MoveNext())
        {
            int index = ExponentialBounds.IndexIn(buckets.Index, schema, coarserSchema);
            if (reduced.EndsAt(index)) reduced.AddToLast(buckets.Count);
            else reduced.Add(index, buckets.Count);
        }
        return (reduced.Spans(), reduced.Counts());
    }

    /// <summary>
    /// Removes empty buckets, in place, except runs of at most <paramref name="emptyBucketsMax"/> between populated ones, which join spans.
    /// </summary>
    public FloatHistogram Compact(int emptyBucketsMax = 0)
    {
        (PositiveSpans, PositiveBuckets) = Compact(PositiveSpans, PositiveBuckets, emptyBucketsMax);
        (NegativeSpans, NegativeBuckets) = Compact(NegativeSpans, NegativeBuckets, emptyBucketsMax);
        return this;
    }

    static (HistogramSpan[], double[]) Compact(HistogramSpan[] spans, double[] counts, int emptyBucketsMax)
    {
        if (emptyBucketsMax == 0 && IsCompact(spans, counts)) return (spans, counts);
        var compacted = new BucketCollector(counts.Length);
        var buckets = new BucketCursor(spans, counts);
        bool any = false;
        int next = 0;
        while (buckets.MoveNext())
        {
            if (buckets.Count == 0) continue;
            if (any && buckets.Index - next <= emptyBucketsMax)
                for (; next < buckets.Index; next++) compacted.Add(next, 0);
            compacted.Add(buckets.Index, buckets.Count);
            next = buckets.Index + 1;
            any = true;
        }
        return (compacted.Spans(), compacted.Counts());
    }

    static bool IsCompact(HistogramSpan[] spans, double[] counts)
    {
        for (int i = 0; i < spans.Length; i++)
            if (spans[i].Length == 0 || (i > 0 && spans[i].Offset == 0)) return false;
        return !counts.AsSpan().Contains(0);
    }

    /// <summary>Absolute value of the bound of an exponential bucket that is nearer to zero.</summary>
    double LowerBound(int index) => ExponentialBounds.Upper(index - 1, Schema);

    /// <summary>
    /// The zero count this histogram had if its zero bucket reached to <paramref name="threshold"/>. A threshold inside a populated bucket
    /// is moved to that bucket's end.
    /// </summary>
    (double Count, double Threshold) ZeroBucketAt(double threshold)
    {
        if (threshold == ZeroThreshold) return (ZeroCount, threshold);
        while (true)
        {
            double count = ZeroCount;
            Absorb(PositiveSpans, PositiveBuckets, ref threshold, ref count);
            // If the negative side moved the threshold, the positive side has to be counted again.
            if (!Absorb(NegativeSpans, NegativeBuckets, ref threshold, ref count)) return (count, threshold);
        }
    }

    /// <returns>True if the threshold lay inside a populated bucket and was moved.</returns>
    bool Absorb(HistogramSpan[] spans, double[] counts, ref double threshold, ref double count)
    {
        var buckets = new BucketCursor(spans, counts);
        while (buckets.MoveNext() && LowerBound(buckets.Index) < threshold)
        {
            count += buckets.Count;
            double upper = ExponentialBounds.Upper(buckets.Index, Schema);
            if (upper <= threshold) continue;
            if (buckets.Count == 0) return false;
            threshold = upper;
            return true;
        }
        return false;
    }

    /// <summary>Widens the zero bucket, in place, until it is not narrower than the other's and ends within no populated bucket of either.</summary>
    /// <returns>The zero count of <paramref name="other"/> with that zero bucket.</returns>
    double ReconcileZeroBucket(FloatHistogram other)
    {
        double otherCount = other.ZeroCount, otherThreshold = other.ZeroThreshold;
        while (otherThreshold != ZeroThreshold)
        {
            if (ZeroThreshold > otherThreshold) (otherCount, otherThreshold) = other.ZeroBucketAt(ZeroThreshold);
            if (otherThreshold <= ZeroThreshold) continue;
            (ZeroCount, ZeroThreshold) = ZeroBucketAt(otherThreshold);
            TrimBucketsWithinZeroBucket();
        }
        return otherCount;
    }

    void TrimBucketsWithinZeroBucket()
    {
        ClearBelow(PositiveSpans, PositiveBuckets);
        ClearBelow(NegativeSpans, NegativeBuckets);
        Compact();

        void ClearBelow(HistogramSpan[] spans, double[] counts)
        {
            var buckets = new BucketCursor(spans, counts);
            while (buckets.MoveNext() && LowerBound(buckets.Index) < ZeroThreshold) counts[buckets.Ordinal] = 0;
        }
    }
}
