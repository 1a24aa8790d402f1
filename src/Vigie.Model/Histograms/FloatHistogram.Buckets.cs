namespace Vigie.Model;

/// <summary>A bucket with its bounds.</summary>
public readonly record struct HistogramBucket(double Lower, double Upper, bool LowerInclusive, bool UpperInclusive, double Count);

public sealed partial class FloatHistogram
{
    /// <summary>
    /// All buckets from the lowest to the highest, empty ones included, the zero bucket if it is populated. A bucket that overlaps the zero
    /// bucket begins where that ends.
    /// </summary>
    public BucketEnumerator Buckets => new(this, descending: false);

    /// <summary>Like <see cref="Buckets"/>, from the highest to the lowest.</summary>
    public BucketEnumerator BucketsDescending => new(this, descending: true);

    /// <summary>Bounds of custom bucket or positive exponential bucket <paramref name="index"/>.</summary>
    HistogramBucket PositiveBucket(int index, double count)
    {
        if (UsesCustomBuckets)
        {
            double below = index == 0 ? double.NegativeInfinity : CustomValues[index - 1];
            double above = index >= CustomValues.Length ? double.PositiveInfinity : CustomValues[index];
            return new HistogramBucket(below, above, index == 0, true, count);
        }
        double lower = LowerBound(index);
        return new HistogramBucket(lower, ExponentialBounds.Upper(index, Schema), lower < 0, true, count);
    }

    HistogramBucket NegativeBucket(int index, double count) =>
        new(-ExponentialBounds.Upper(index, Schema), -LowerBound(index), true, false, count);

    HistogramBucket ZeroBucket => new(-ZeroThreshold, ZeroThreshold, true, true, ZeroCount);

    /// <summary>Walks the buckets without allocation; usable in <c>foreach</c>.</summary>
    public ref struct BucketEnumerator
    {
        readonly FloatHistogram _histogram;
        readonly bool _descending;
        BucketCursor _below, _above;
        int _phase;

        internal BucketEnumerator(FloatHistogram histogram, bool descending)
        {
            _histogram = histogram;
            _descending = descending;
            _below = new BucketCursor(histogram.NegativeSpans, histogram.NegativeBuckets, descending: !descending);
            _above = new BucketCursor(histogram.PositiveSpans, histogram.PositiveBuckets, descending);
            _phase = 0;
        }

        public HistogramBucket Current { get; private set; }

        public readonly BucketEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            for (; _phase < 3; _phase++)
            {
                if (_phase == 1)
                {
                    if (!(_histogram.ZeroCount > 0)) continue;
                    Current = _histogram.ZeroBucket;
                    _phase++;
                    return true;
                }
                bool negative = _phase == 0 != _descending;
                if (!(negative ? _below.MoveNext() : _above.MoveNext())) continue;
                var bucket = negative
                    ? _histogram.NegativeBucket(_below.Index, _below.Count)
                    : _histogram.PositiveBucket(_above.Index, _above.Count);
                double threshold = _histogram.ZeroThreshold;
                if (bucket.Upper < 0 && bucket.Upper > -threshold) bucket = bucket with { Upper = -threshold };
                else if (bucket.Lower > 0 && bucket.Lower < threshold) bucket = bucket with { Lower = threshold };
                Current = bucket;
                return true;
            }
            return false;
        }
    }
}
