namespace Vigie.Model;

public sealed partial class FloatHistogram
{
    /// <summary>
    /// True if both hold the same data, bit for bit, in the same buckets; the reset hint does not count. Empty spans do not matter, empty buckets
    /// do: compact first.
    /// </summary>
    public bool SameAs(FloatHistogram other) =>
        Schema == other.Schema && SameBits(Count, other.Count) && SameBits(Sum, other.Sum)
        && (!UsesCustomBuckets || CustomValues.AsSpan().SequenceEqual(other.CustomValues))
        && ZeroThreshold == other.ZeroThreshold && SameBits(ZeroCount, other.ZeroCount)
        && SameSide(NegativeSpans, NegativeBuckets, other.NegativeSpans, other.NegativeBuckets)
        && SameSide(PositiveSpans, PositiveBuckets, other.PositiveSpans, other.PositiveBuckets);

    static bool SameSide(HistogramSpan[] spans, double[] counts, HistogramSpan[] otherSpans, double[] otherCounts)
    {
        if (counts.Length != otherCounts.Length) return false;
        var left = new BucketCursor(spans, counts);
        var right = new BucketCursor(otherSpans, otherCounts);
        while (left.MoveNext())
            if (!right.MoveNext() || left.Index != right.Index || !SameBits(left.Count, right.Count)) return false;
        return true;
    }

    static bool SameBits(double left, double right) => BitConverter.DoubleToUInt64Bits(left) == BitConverter.DoubleToUInt64Bits(right);

    /// <summary>
    /// True if a counter was reset between <paramref name="previous"/> and this sample: the hint says so or, if the hint says nothing, a count
    /// decreased, a populated bucket is gone, the resolution increased, or the zero bucket shrank. The sum does not count.
    /// </summary>
    public bool IsResetAfter(FloatHistogram previous)
    {
        if (CounterResetHint == CounterResetHint.CounterReset) return true;
        if (CounterResetHint == CounterResetHint.NotCounterReset) return false;
        if (Count < previous.Count) return true;
        if (UsesCustomBuckets)
        {
            if (!previous.UsesCustomBuckets) return true;
            if (!CustomValues.AsSpan().SequenceEqual(previous.CustomValues)) return CustomBucketsDecreased(previous);
        }
        if (Schema > previous.Schema || ZeroThreshold < previous.ZeroThreshold) return true;
        var (previousZeroCount, threshold) = previous.ZeroBucketAt(ZeroThreshold);
        if (threshold != ZeroThreshold || ZeroCount < previousZeroCount) return true;
        var comparable = previous.Schema == Schema ? previous : previous.AtSchema(Schema);
        return Decreased(PositiveSpans, PositiveBuckets, comparable.PositiveSpans, comparable.PositiveBuckets)
            || Decreased(NegativeSpans, NegativeBuckets, comparable.NegativeSpans, comparable.NegativeBuckets);
    }

    bool Decreased(HistogramSpan[] spans, double[] counts, HistogramSpan[] previousSpans, double[] previousCounts)
    {
        var current = new BucketCursor(spans, counts);
        var previous = new BucketCursor(previousSpans, previousCounts);
        bool hasCurrent = current.MoveNext();
        bool withinZero = ZeroThreshold > 0 && !UsesCustomBuckets;
        while (previous.MoveNext())
        {
            if (withinZero && ExponentialBounds.Upper(previous.Index, Schema) <= ZeroThreshold) continue;
            withinZero = false;
            while (hasCurrent && current.Index < previous.Index) hasCurrent = current.MoveNext();
            if (hasCurrent && current.Index == previous.Index)
            {
                if (current.Count < previous.Count) return true;
            }
            else if (previous.Count != 0) return true;
        }
        return false;
    }

    bool CustomBucketsDecreased(FloatHistogram previous)
    {
        var bounds = SharedBounds(CustomValues, previous.CustomValues);
        var counts = new double[bounds.Length + 1];
        AddTo(counts, bounds, 1);
        var before = new double[bounds.Length + 1];
        previous.AddTo(before, bounds, 1);
        for (int i = 0; i < counts.Length; i++)
            if (counts[i] < before[i]) return true;
        return false;
    }
}
