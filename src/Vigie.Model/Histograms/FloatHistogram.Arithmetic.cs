namespace Vigie.Model;

/// <summary>What happened besides the arithmetic when two histograms were added or subtracted.</summary>
/// <param name="Compatible">False if one has exponential and the other custom buckets: nothing was done.</param>
/// <param name="ResetCollision">One side said "counter reset", the other "not a counter reset".</param>
/// <param name="BoundsReconciled">Custom bounds differed and were reduced to those both have.</param>
public readonly record struct HistogramOperation(bool Compatible, bool ResetCollision = false, bool BoundsReconciled = false);

public sealed partial class FloatHistogram
{
    /// <summary>A copy that shares nothing that changes (custom bounds are never changed in place).</summary>
    public FloatHistogram Copy() => new()
    {
        CounterResetHint = CounterResetHint,
        Schema = Schema,
        ZeroThreshold = ZeroThreshold,
        ZeroCount = ZeroCount,
        Count = Count,
        Sum = Sum,
        PositiveSpans = PositiveSpans.Length == 0 ? [] : [.. PositiveSpans],
        NegativeSpans = NegativeSpans.Length == 0 ? [] : [.. NegativeSpans],
        PositiveBuckets = PositiveBuckets.Length == 0 ? [] : [.. PositiveBuckets],
        NegativeBuckets = NegativeBuckets.Length == 0 ? [] : [.. NegativeBuckets],
        CustomValues = CustomValues,
    };

    /// <summary>The same histogram with another hint, sharing the buckets: neither may be changed afterwards.</summary>
    public FloatHistogram WithHint(CounterResetHint hint)
    {
        if (hint == CounterResetHint) return this;
        var changed = (FloatHistogram)MemberwiseClone();
        changed.CounterResetHint = hint;
        return changed;
    }

    /// <summary>Multiplies every count and the sum, in place. A negative factor makes a gauge of it.</summary>
    public FloatHistogram Multiply(double factor)
    {
        ZeroCount *= factor;
        Count *= factor;
        Sum *= factor;
        foreach (ref double count in PositiveBuckets.AsSpan()) count *= factor;
        foreach (ref double count in NegativeBuckets.AsSpan()) count *= factor;
        if (factor < 0) CounterResetHint = CounterResetHint.Gauge;
        return this;
    }

    /// <summary>Divides every count and the sum, in place. Division by zero leaves no buckets.</summary>
    public FloatHistogram Divide(double divisor)
    {
        ZeroCount /= divisor;
        Count /= divisor;
        Sum /= divisor;
        if (divisor == 0)
        {
            PositiveSpans = NegativeSpans = [];
            PositiveBuckets = NegativeBuckets = [];
            return this;
        }
        foreach (ref double count in PositiveBuckets.AsSpan()) count /= divisor;
        foreach (ref double count in NegativeBuckets.AsSpan()) count /= divisor;
        if (divisor < 0) CounterResetHint = CounterResetHint.Gauge;
        return this;
    }

    /// <summary>Adds <paramref name="other"/> in place; schema, zero bucket and custom bounds become the coarser of both.</summary>
    public HistogramOperation Add(FloatHistogram other) => Combine(other, sign: 1);

    /// <summary>Subtracts <paramref name="other"/> in place, like <see cref="Add"/>. The hint is combined as for addition.</summary>
    public HistogramOperation Subtract(FloatHistogram other) => Combine(other, sign: -1);

    HistogramOperation Combine(FloatHistogram other, double sign)
    {
        if (UsesCustomBuckets != other.UsesCustomBuckets) return default;
        bool collision = CombineHints(other.CounterResetHint);
        Count += sign * other.Count;
        Sum += sign * other.Sum;
        if (UsesCustomBuckets) return new HistogramOperation(true, collision, CombineCustom(other, sign));

        double otherZeroCount = ReconcileZeroBucket(other);
        ZeroCount += sign * otherZeroCount;
        var addend = other.Schema > Schema ? other.AtSchema(Schema) : other;
        if (other.Schema < Schema) ReduceResolution(other.Schema);
        (PositiveSpans, PositiveBuckets) =
            Merge(PositiveSpans, PositiveBuckets, addend.PositiveSpans, addend.PositiveBuckets, sign, Schema, ZeroThreshold);
        (NegativeSpans, NegativeBuckets) =
            Merge(NegativeSpans, NegativeBuckets, addend.NegativeSpans, addend.NegativeBuckets, sign, Schema, ZeroThreshold);
        return new HistogramOperation(true, collision);
    }

    /// <returns>True if the bounds differed.</returns>
    bool CombineCustom(FloatHistogram other, double sign)
    {
        if (CustomValues.AsSpan().SequenceEqual(other.CustomValues))
        {
            (PositiveSpans, PositiveBuckets) =
                Merge(PositiveSpans, PositiveBuckets, other.PositiveSpans, other.PositiveBuckets, sign, Schema, ZeroThreshold);
            return false;
        }
        var bounds = SharedBounds(CustomValues, other.CustomValues);
        var counts = new double[bounds.Length + 1];
        AddTo(counts, bounds, 1);
        other.AddTo(counts, bounds, sign);
        SetCustom(bounds, counts);
        return true;
    }

    /// <summary>Replaces custom bounds and buckets; <paramref name="counts"/> has one entry more than <paramref name="bounds"/>.</summary>
    void SetCustom(double[] bounds, double[] counts)
    {
        var collected = new BucketCollector(counts.Length);
        for (int i = 0; i < counts.Length; i++)
            if (counts[i] != 0) collected.Add(i, counts[i]);
        CustomValues = bounds;
        PositiveSpans = collected.Spans();
        PositiveBuckets = collected.Counts();
    }

    /// <summary>Adds the custom buckets, moved up to the next bound that <paramref name="bounds"/> has, to <paramref name="counts"/>.</summary>
    void AddTo(double[] counts, double[] bounds, double sign)
    {
        int target = 0;
        var buckets = new BucketCursor(PositiveSpans, PositiveBuckets);
        while (buckets.MoveNext())
        {
            if (buckets.Index >= CustomValues.Length) target = bounds.Length;
            else while (target < bounds.Length && bounds[target] < CustomValues[buckets.Index]) target++;
            counts[target] += sign * buckets.Count;
        }
    }

    static double[] SharedBounds(double[] left, double[] right)
    {
        var shared = new List<double>(Math.Min(left.Length, right.Length));
        for (int l = 0, r = 0; l < left.Length && r < right.Length;)
        {
            if (left[l] == right[r])
            {
                shared.Add(left[l]);
                l++;
                r++;
            }
            else if (left[l] < right[r]) l++;
            else r++;
        }
        return [.. shared];
    }

    /// <returns>True if one is a counter reset and the other is not: then nothing is known.</returns>
    bool CombineHints(CounterResetHint other)
    {
        if (other == CounterResetHint || CounterResetHint == CounterResetHint.Gauge) return false;
        if (other == CounterResetHint.Gauge)
        {
            CounterResetHint = CounterResetHint.Gauge;
            return false;
        }
        bool collision = CounterResetHint != CounterResetHint.Unknown && other != CounterResetHint.Unknown;
        CounterResetHint = CounterResetHint.Unknown;
        return collision;
    }

    /// <summary>
    /// The sum of two bucket lists of the same schema. Leading buckets of the addend whose bound is within <paramref name="threshold"/> are
    /// already part of the zero bucket and left out.
    /// </summary>
    static (HistogramSpan[], double[]) Merge(
        HistogramSpan[] spans, double[] counts, HistogramSpan[] addedSpans, double[] added, double sign, int schema, double threshold)
    {
        if (added.Length == 0) return (spans, counts);
        bool trims = threshold > 0 && ExponentialBounds.IsExponential(schema);
        if (counts.Length == added.Length && spans.AsSpan().SequenceEqual(addedSpans)
            && !(trims && ExponentialBounds.Upper(addedSpans[0].Offset, schema) <= threshold))
        {
            for (int i = 0; i < counts.Length; i++) counts[i] += sign * added[i];
            return (spans, counts);
        }

        var merged = new BucketCollector(counts.Length + added.Length);
        var left = new BucketCursor(spans, counts);
        var right = new BucketCursor(addedSpans, added);
        bool hasLeft = left.MoveNext(), hasRight = right.MoveNext();
        while (trims && hasRight && ExponentialBounds.Upper(right.Index, schema) <= threshold) hasRight = right.MoveNext();
        while (hasLeft || hasRight)
        {
            if (hasLeft && hasRight && left.Index == right.Index)
            {
                merged.Add(left.Index, left.Count + sign * right.Count);
                hasLeft = left.MoveNext();
                hasRight = right.MoveNext();
            }
            else if (hasLeft && (!hasRight || left.Index < right.Index))
            {
                merged.Add(left.Index, left.Count);
                hasLeft = left.MoveNext();
            }
            else
            {
                merged.Add(right.Index, sign * right.Count);
                hasRight = right.MoveNext();
            }
        }
        return (merged.Spans(), merged.Counts());
    }

    /// <summary>True if a count or the sum is infinite.</summary>
    public bool HasOverflow()
    {
        if (double.IsInfinity(ZeroCount) || double.IsInfinity(Count) || double.IsInfinity(Sum)) return true;
        foreach (double count in PositiveBuckets)
            if (double.IsInfinity(count)) return true;
        foreach (double count in NegativeBuckets)
            if (double.IsInfinity(count)) return true;
        return false;
    }
}
