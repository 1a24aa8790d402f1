namespace Vigie.PromQL;

/// <summary>
/// The cumulative buckets of one classic histogram at one time, ascending by bound (Prometheus, promql/quantile.go). Scratch memory: calculations
/// change the counts.
/// </summary>
/// <param name="bounds">Upper bounds; the last must be +Inf for any result.</param>
/// <param name="counts">Cumulative, parallel to the bounds.</param>
/// <param name="distinct">No two bounds are equal.</param>
ref struct ClassicBuckets(Span<double> bounds, Span<double> counts, bool distinct)
{
    /// <summary>Relative differences below this are taken for rounding.</summary>
    const double Tolerance = 1e-12;

    readonly Span<double> _bounds = bounds;
    readonly Span<double> _counts = counts;
    int _length = bounds.Length;

    readonly bool EndsWithInfinity => _length > 0 && double.IsPositiveInfinity(_bounds[_length - 1]);

    /// <param name="forced">Set if counts had to be raised so that they do not decrease.</param>
    public double Quantile(double q, out bool forced)
    {
        forced = false;
        if (double.IsNaN(q)) return double.NaN;
        if (q < 0) return double.NegativeInfinity;
        if (q > 1) return double.PositiveInfinity;
        if (!EndsWithInfinity) return double.NaN;
        Coalesce();
        forced = MakeMonotonic();
        if (_length < 2) return double.NaN;
        double observations = _counts[_length - 1];
        if (observations == 0) return double.NaN;
        double rank = q * observations;
        int at = 0;
        while (at < _length - 1 && !(_counts[at] >= rank)) at++;
        if (at == _length - 1) return _bounds[_length - 2];
        if (at == 0 && _bounds[0] <= 0) return _bounds[0];
        double start = 0, count = _counts[at];
        if (at > 0)
        {
            start = _bounds[at - 1];
            count -= _counts[at - 1];
            rank -= _counts[at - 1];
        }
        return start + (_bounds[at] - start) * (rank / count);
    }

    /// <summary>The share of observations between two values.</summary>
    public double Fraction(double lower, double upper)
    {
        if (!EndsWithInfinity) return double.NaN;
        Coalesce();
        double count = _counts[_length - 1];
        if (count == 0 || double.IsNaN(lower) || double.IsNaN(upper)) return double.NaN;
        if (lower >= upper) return 0;
        double rank = 0, lowerRank = double.NaN, upperRank = double.NaN;
        for (int i = 0; i < _length; i++)
        {
            double start = i > 0 ? _bounds[i - 1] : _bounds[0] > 0 ? 0 : double.NegativeInfinity;
            if (double.IsNaN(lowerRank)) lowerRank = RankIn(i, start, lower, rank);
            if (double.IsNaN(upperRank)) upperRank = RankIn(i, start, upper, rank);
            rank = _counts[i];
        }
        if (double.IsNaN(lowerRank) || lowerRank > count) lowerRank = count;
        if (double.IsNaN(upperRank) || upperRank > count) upperRank = count;
        return (upperRank - lowerRank) / count;
    }

    /// <summary>Observations up to a value at or before the end of a bucket; NaN if it lies beyond.</summary>
    readonly double RankIn(int bucket, double start, double value, double rank)
    {
        if (start >= value) return rank;
        double end = _bounds[bucket];
        if (end <= value) return double.NaN;
        if (double.IsNegativeInfinity(start)) return _counts[bucket];
        return double.IsPositiveInfinity(end) ? rank : rank + (_counts[bucket] - rank) * (value - start) / (end - start);
    }

    /// <summary>Adds up buckets of the same bound.</summary>
    void Coalesce()
    {
        if (distinct) return;
        int last = 0;
        for (int i = 1; i < _length; i++)
        {
            if (_bounds[i] == _bounds[last])
            {
                _counts[last] += _counts[i];
                continue;
            }
            last++;
            _bounds[last] = _bounds[i];
            _counts[last] = _counts[i];
        }
        _length = last + 1;
    }

    readonly bool MakeMonotonic()
    {
        bool forced = false;
        double previous = _counts[0];
        for (int i = 1; i < _length; i++)
        {
            double count = _counts[i];
            if (count == previous) continue;
            if (count - previous > 1e-6 * count && previous > 0)
            {
                // By far the most usual: more than rounding could explain.
                previous = count;
                continue;
            }
            if (AlmostEqual(previous, count)) _counts[i] = previous;
            else if (count < previous)
            {
                _counts[i] = previous;
                forced = true;
            }
            else previous = count;
        }
        return forced;
    }

    static bool AlmostEqual(double a, double b)
    {
        const double MinNormal = 2.2250738585072014e-308;
        if (double.IsNaN(a) && double.IsNaN(b)) return true;
        double sum = Math.Abs(a) + Math.Abs(b), difference = Math.Abs(a - b);
        if (a == 0 || b == 0 || sum < MinNormal) return difference < Tolerance * MinNormal;
        return difference / Math.Min(sum, double.MaxValue) < Tolerance;
    }
}
