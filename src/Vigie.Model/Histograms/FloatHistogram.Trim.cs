namespace Vigie.Model;

/// <summary>PromQL's trim operators.</summary>
public sealed partial class FloatHistogram
{
    /// <summary>
    /// Only the observations up to <paramref name="bound"/> (<c>&lt;/</c>), estimated as for quantiles. If anything is cut, count and sum
    /// are computed from the buckets that are left.
    /// </summary>
    public FloatHistogram TrimAbove(double bound) => Trim(bound, keepBelow: true);

    /// <summary>Only the observations from <paramref name="bound"/> on (<c>&gt;/</c>).</summary>
    public FloatHistogram TrimBelow(double bound) => Trim(bound, keepBelow: false);

    FloatHistogram Trim(double bound, bool keepBelow)
    {
        var trimmed = Copy();
        var state = new TrimState(bound, keepBelow);
        var negative = new BucketCursor(NegativeSpans, NegativeBuckets, descending: true);
        while (negative.MoveNext())
            trimmed.NegativeBuckets[negative.Ordinal] = state.Keep(NegativeBucket(negative.Index, negative.Count), linear: false);
        if (ZeroCount != 0) trimmed.ZeroCount = state.Keep(OneSided(ZeroBucket), linear: true);
        var positive = new BucketCursor(PositiveSpans, PositiveBuckets);
        while (positive.MoveNext())
        {
            var bucket = PositiveBucket(positive.Index, positive.Count);
            trimmed.PositiveBuckets[positive.Ordinal] = UsesCustomBuckets ? state.KeepCustom(bucket) : state.Keep(bucket, linear: false);
        }
        if (!state.Cut) return trimmed;
        trimmed.Count = state.Count;
        trimmed.Sum = state.Sum;
        return trimmed.Compact();
    }

    struct TrimState(double bound, bool keepBelow)
    {
        public double Count, Sum;
        public bool Cut;

        /// <returns>What is left of the bucket's count.</returns>
        public double Keep(in HistogramBucket bucket, bool linear)
        {
            bool whole = keepBelow ? bucket.Upper <= bound : bucket.Lower >= bound;
            bool none = keepBelow ? bucket.Lower >= bound : bucket.Upper <= bound;
            if (whole) return Take(bucket.Count, Middle(bucket.Lower, bucket.Upper, linear));
            if (none) return Drop(bucket.Count);
            double below = ShareBelow(bucket, bound, linear);
            Cut |= bucket.Count != 0;
            return keepBelow
                ? Take(bucket.Count * below, Middle(bucket.Lower, bound, linear))
                : Take(bucket.Count * (1 - below), Middle(bound, bucket.Upper, linear));
        }

        /// <summary>The outer custom buckets have no width: they are kept or dropped whole, except a first one that may begin at zero.</summary>
        public double KeepCustom(in HistogramBucket bucket)
        {
            bool first = double.IsNegativeInfinity(bucket.Lower), last = double.IsPositiveInfinity(bucket.Upper);
            if (!first && !last) return Keep(bucket, linear: true);
            if (double.IsInfinity(bound)) return bound > 0 == keepBelow ? Take(bucket.Count, first ? bucket.Upper : bucket.Lower) : Drop(bucket.Count);
            if (first && last) return Drop(bucket.Count);
            if (last)
            {
                if (keepBelow) return Drop(bucket.Count);
                // Taken to lie at its lower bound, or at the cut if that is higher.
                Cut |= bound > bucket.Lower && bucket.Count != 0;
                return Take(bucket.Count, Math.Max(bucket.Lower, bound));
            }
            if (bucket.Upper > 0)
            {
                var fromZero = bucket with { Lower = 0 };
                return !keepBelow && bound < 0 ? Drop(bucket.Count) : Keep(fromZero, linear: true);
            }
            if (!keepBelow) return Drop(bucket.Count);
            Cut |= bound < bucket.Upper && bucket.Count != 0;
            return Take(bucket.Count, Math.Min(bucket.Upper, bound));
        }

        double Take(double count, double at)
        {
            Count += count;
            if (count != 0) Sum += count * at;
            return count;
        }

        double Drop(double count)
        {
            Cut |= count != 0;
            return 0;
        }

        static double Middle(double lower, double upper, bool linear)
        {
            if (linear) return (lower + upper) / 2;
            double middle = Math.Sqrt(lower * upper);
            return upper < 0 || lower < 0 ? -middle : middle;
        }
    }
}
