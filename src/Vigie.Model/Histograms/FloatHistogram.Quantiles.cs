namespace Vigie.Model;

/// <summary>What NaN observations, which are in the count but in no bucket, did to a quantile.</summary>
public enum NaNObservations : byte { None, ResultIsNaN, ResultIsHigher }

/// <summary>Estimates from buckets (Prometheus, promql/quantile.go). Observations count as spread evenly over a bucket: over its logarithm
/// for exponential buckets, over its width for custom buckets and the zero bucket.</summary>
public sealed partial class FloatHistogram
{
    /// <param name="q">Between 0 and 1; below: −Inf, above: +Inf, NaN: NaN. Without observations the result is NaN.</param>
    /// <param name="nans">Set if the histogram has NaN observations that matter.</param>
    public double Quantile(double q, out NaNObservations nans)
    {
        nans = NaNObservations.None;
        if (q < 0) return double.NegativeInfinity;
        if (q > 1) return double.PositiveInfinity;
        if (Count == 0 || double.IsNaN(q)) return double.NaN;

        // NaN observations (the sum is NaN then) are ranked above all others, so they can only be counted from below.
        bool ascending = double.IsNaN(Sum) || q < 0.5;
        double rank = (ascending ? q : 1 - q) * Count;
        double reached = 0;
        HistogramBucket bucket = default;
        var buckets = ascending ? Buckets : BucketsDescending;
        while (buckets.MoveNext())
        {
            if (buckets.Current.Count == 0) continue;
            bucket = buckets.Current;
            reached += bucket.Count;
            if (reached >= rank) break;
        }
        if (UsesCustomBuckets)
        {
            if (double.IsNegativeInfinity(bucket.Lower))
            {
                if (bucket.Upper <= 0) return bucket.Upper;
                bucket = bucket with { Lower = 0 };
            }
            else if (double.IsPositiveInfinity(bucket.Upper)) return bucket.Lower;
        }
        else if (bucket.Lower < 0 && bucket.Upper > 0) bucket = OneSided(bucket);

        if (reached > Count) reached = Count;
        if (reached < rank)
        {
            if (double.IsNaN(Sum)) nans = NaNObservations.ResultIsNaN;
            return double.NaN;
        }
        if (double.IsNaN(Sum))
        {
            double total = reached;
            while (buckets.MoveNext()) total += buckets.Current.Count;
            if (total < Count) nans = NaNObservations.ResultIsHigher;
        }
        rank = ascending ? rank - (reached - bucket.Count) : reached - rank;
        double fraction = rank / bucket.Count;
        if (UsesCustomBuckets || (bucket.Lower <= 0 && bucket.Upper >= 0)) return bucket.Lower + (bucket.Upper - bucket.Lower) * fraction;
        double logLower = Math.Log2(Math.Abs(bucket.Lower)), logUpper = Math.Log2(Math.Abs(bucket.Upper));
        return bucket.Lower > 0
            ? Math.Pow(2, logLower + (logUpper - logLower) * fraction)
            : -Math.Pow(2, logUpper + (logLower - logUpper) * (1 - fraction));
    }

    /// <summary>The share of observations between two values; NaN observations are in no share.</summary>
    /// <param name="hasNaNs">The histogram has NaN observations.</param>
    public double Fraction(double lower, double upper, out bool hasNaNs)
    {
        hasNaNs = false;
        if (Count == 0 || double.IsNaN(lower) || double.IsNaN(upper)) return double.NaN;
        double rank = 0, total = 0;
        double lowerRank = double.NaN, upperRank = double.NaN;
        foreach (var raw in Buckets)
        {
            var bucket = raw;
            total += bucket.Count;
            bool linear = UsesCustomBuckets;
            if (UsesCustomBuckets)
            {
                // Without a lower bound there is nothing to interpolate from: zero is taken for it where that makes sense.
                if (double.IsNegativeInfinity(bucket.Lower) && bucket.Upper > 0) bucket = bucket with { Lower = 0 };
            }
            else if (bucket.Lower <= 0 && bucket.Upper >= 0)
            {
                linear = true;
                bucket = OneSided(bucket);
            }
            if (double.IsNaN(lowerRank)) lowerRank = RankIn(bucket, lower, rank, linear);
            if (double.IsNaN(upperRank)) upperRank = RankIn(bucket, upper, rank, linear);
            rank += bucket.Count;
        }
        hasNaNs = double.IsNaN(Sum) && total < Count;
        if (lower >= upper) return 0;
        double end = hasNaNs ? total : Count;
        if (double.IsNaN(lowerRank) || lowerRank > end) lowerRank = end;
        if (double.IsNaN(upperRank) || upperRank > end) upperRank = end;
        return (upperRank - lowerRank) / Count;
    }

    /// <summary>Observations up to <paramref name="value"/>, if it lies at or below this bucket's end; NaN if it lies beyond.</summary>
    /// <param name="rank">Observations in the buckets before.</param>
    static double RankIn(in HistogramBucket bucket, double value, double rank, bool linear)
    {
        if (bucket.Lower >= value) return rank;
        if (bucket.Upper <= value) return double.NaN;
        return rank + bucket.Count * ShareBelow(bucket, value, linear);
    }

    /// <summary>The share of a bucket's observations below a value strictly inside it.</summary>
    static double ShareBelow(in HistogramBucket bucket, double value, bool linear)
    {
        if (linear)
        {
            if (double.IsNegativeInfinity(bucket.Lower)) return 1;
            return double.IsPositiveInfinity(bucket.Upper) ? 0 : (value - bucket.Lower) / (bucket.Upper - bucket.Lower);
        }
        double logLower = Math.Log2(Math.Abs(bucket.Lower)), logUpper = Math.Log2(Math.Abs(bucket.Upper)), logValue = Math.Log2(Math.Abs(value));
        return value > 0 ? (logValue - logLower) / (logUpper - logLower) : 1 - (logValue - logUpper) / (logLower - logUpper);
    }

    /// <summary>The zero bucket of a histogram with buckets on one side only is taken to lie on that side.</summary>
    HistogramBucket OneSided(in HistogramBucket bucket)
    {
        if (NegativeBuckets.Length == 0 && PositiveBuckets.Length > 0) return bucket with { Lower = 0 };
        if (PositiveBuckets.Length == 0 && NegativeBuckets.Length > 0) return bucket with { Upper = 0 };
        return bucket;
    }

    /// <summary>Estimated variance of the observations: each counts as its bucket's mean (geometric for exponential, 0 for the zero bucket).</summary>
    public double Variance()
    {
        double mean = Sum / Count, variance = 0, compensation = 0;
        foreach (var bucket in Buckets)
        {
            if (bucket.Count == 0) continue;
            double delta = Middle(bucket) - mean;
            KahanSum.Add(bucket.Count * delta * delta, ref variance, ref compensation);
        }
        return (variance + compensation) / Count;
    }

    double Middle(in HistogramBucket bucket)
    {
        if (UsesCustomBuckets) return (bucket.Upper + bucket.Lower) / 2;
        if (bucket.Lower <= 0 && bucket.Upper >= 0) return 0;
        double middle = Math.Sqrt(bucket.Upper * bucket.Lower);
        return bucket.Upper < 0 ? -middle : middle;
    }
}
