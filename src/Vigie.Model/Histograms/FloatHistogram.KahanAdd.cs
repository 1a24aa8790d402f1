namespace Vigie.Model;

public sealed partial class FloatHistogram
{
    /// <summary>
    /// Adds <paramref name="other"/> in place with Kahan compensation in every count. The compensation is itself a histogram with the same bucket
    /// layout as this one; start with null, pass it along, and <see cref="Add"/> it to the sum at the end.
    /// </summary>
    public HistogramOperation KahanAdd(FloatHistogram other, ref FloatHistogram? compensation)
    {
        if (UsesCustomBuckets != other.UsesCustomBuckets) return default;
        bool collision = CombineHints(other.CounterResetHint);
        var c = compensation ??= EmptyLike(this);
        double value = Count, error = c.Count;
        KahanSum.Add(other.Count, ref value, ref error);
        (Count, c.Count) = (value, error);
        (value, error) = (Sum, c.Sum);
        KahanSum.Add(other.Sum, ref value, ref error);
        (Sum, c.Sum) = (value, error);

        var addend = other;
        bool reconciled = false;
        if (UsesCustomBuckets)
        {
            if (!CustomValues.AsSpan().SequenceEqual(other.CustomValues))
            {
                reconciled = true;
                var bounds = SharedBounds(CustomValues, other.CustomValues);
                c.MoveToBounds(bounds);
                MoveToBounds(bounds);
                addend = other.Copy();
                addend.MoveToBounds(bounds);
            }
        }
        else
        {
            double before = ZeroThreshold;
            double otherZeroCount = ReconcileZeroBucket(other);
            if (ZeroThreshold != before) c.WidenZeroBucket(ZeroThreshold);
            (value, error) = (ZeroCount, c.ZeroCount);
            KahanSum.Add(otherZeroCount, ref value, ref error);
            (ZeroCount, c.ZeroCount) = (value, error);
            if (other.Schema > Schema) addend = other.AtSchema(Schema);
            else if (other.Schema < Schema)
            {
                c.ReduceResolution(other.Schema);
                ReduceResolution(other.Schema);
            }
        }
        (PositiveSpans, PositiveBuckets, c.PositiveSpans, c.PositiveBuckets) = KahanMerge(
            PositiveSpans, PositiveBuckets, c.PositiveSpans, c.PositiveBuckets, addend.PositiveSpans, addend.PositiveBuckets, Schema, ZeroThreshold);
        (NegativeSpans, NegativeBuckets, c.NegativeSpans, c.NegativeBuckets) = KahanMerge(
            NegativeSpans, NegativeBuckets, c.NegativeSpans, c.NegativeBuckets, addend.NegativeSpans, addend.NegativeBuckets, Schema, ZeroThreshold);
        return new HistogramOperation(true, collision, reconciled);
    }

    static FloatHistogram EmptyLike(FloatHistogram model) => new()
    {
        CounterResetHint = model.CounterResetHint,
        Schema = model.Schema,
        ZeroThreshold = model.ZeroThreshold,
        CustomValues = model.CustomValues,
    };

    void MoveToBounds(double[] bounds)
    {
        var counts = new double[bounds.Length + 1];
        AddTo(counts, bounds, 1);
        SetCustom(bounds, counts);
    }

    /// <summary>Moves every bucket below <paramref name="threshold"/> into the zero bucket, populated or not.</summary>
    void WidenZeroBucket(double threshold)
    {
        var buckets = new BucketCursor(PositiveSpans, PositiveBuckets);
        while (buckets.MoveNext() && LowerBound(buckets.Index) < threshold) ZeroCount += buckets.Count;
        buckets = new BucketCursor(NegativeSpans, NegativeBuckets);
        while (buckets.MoveNext() && LowerBound(buckets.Index) < threshold) ZeroCount += buckets.Count;
        ZeroThreshold = threshold;
        TrimBucketsWithinZeroBucket();
    }

    static (HistogramSpan[], double[], HistogramSpan[], double[]) KahanMerge(
        HistogramSpan[] spans, double[] counts, HistogramSpan[] errorSpans, double[] errors, HistogramSpan[] addedSpans, double[] added,
        int schema, double threshold)
    {
        var sums = new BucketCollector(counts.Length + added.Length);
        var newErrors = new BucketCollector(counts.Length + added.Length);
        var left = new BucketCursor(spans, counts);
        var error = new BucketCursor(errorSpans, errors);
        var right = new BucketCursor(addedSpans, added);
        bool hasLeft = left.MoveNext(), hasError = error.MoveNext(), hasRight = right.MoveNext();
        if (threshold > 0 && ExponentialBounds.IsExponential(schema))
            while (hasRight && ExponentialBounds.Upper(right.Index, schema) <= threshold) hasRight = right.MoveNext();
        while (hasLeft || hasRight || hasError)
        {
            int index = int.MaxValue;
            if (hasLeft) index = left.Index;
            if (hasRight) index = Math.Min(index, right.Index);
            if (hasError) index = Math.Min(index, error.Index);
            double sum = 0, compensation = 0;
            if (hasLeft && left.Index == index)
            {
                sum = left.Count;
                hasLeft = left.MoveNext();
            }
            if (hasError && error.Index == index)
            {
                compensation = error.Count;
                hasError = error.MoveNext();
            }
            if (hasRight && right.Index == index)
            {
                KahanSum.Add(right.Count, ref sum, ref compensation);
                hasRight = right.MoveNext();
            }
            sums.Add(index, sum);
            newErrors.Add(index, compensation);
        }
        return (sums.Spans(), sums.Counts(), newErrors.Spans(), newErrors.Counts());
    }
}
