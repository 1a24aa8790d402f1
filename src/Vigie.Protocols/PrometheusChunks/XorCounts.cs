using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>The samples of a chunk of histograms with float counts, without their timestamps.</summary>
struct XorCounts(HistogramLayout layout)
{
    readonly HistogramLayout _layout = layout;
    readonly XorValue[] _buckets = new XorValue[layout.PositiveCount + layout.NegativeCount];
    readonly double[] _spread = new double[layout.PositiveCount + layout.NegativeCount];
    readonly int _positive = layout.PositiveCount;
    XorValue _count, _zeroCount, _sum;

    /// <summary>Null for a staleness marker.</summary>
    public FloatHistogram? Read(ref ChunkBitReader input, bool isFirst)
    {
        Read(ref input, ref _count, isFirst);
        Read(ref input, ref _zeroCount, isFirst);
        Read(ref input, ref _sum, isFirst);
        if (StaleMarker.IsStale(_sum.Value)) return null;
        var positive = new double[_positive];
        var negative = new double[_buckets.Length - _positive];
        for (int i = 0; i < _buckets.Length; i++)
        {
            Read(ref input, ref _buckets[i], isFirst);
            if (i < _positive) positive[i] = _buckets[i].Value;
            else negative[i - _positive] = _buckets[i].Value;
        }
        return new FloatHistogram
        {
            Schema = _layout.Schema,
            ZeroThreshold = _layout.ZeroThreshold,
            Count = _count.Value,
            ZeroCount = _zeroCount.Value,
            Sum = _sum.Value,
            PositiveSpans = _layout.PositiveSpans,
            NegativeSpans = _layout.NegativeSpans,
            PositiveBuckets = positive,
            NegativeBuckets = negative,
            CustomValues = _layout.CustomValues,
        };
    }

    public void Write(ChunkBitWriter output, FloatHistogram? histogram, bool isFirst)
    {
        Write(output, ref _count, histogram?.Count ?? 0, isFirst);
        Write(output, ref _zeroCount, histogram?.ZeroCount ?? 0, isFirst);
        Write(output, ref _sum, histogram?.Sum ?? StaleMarker.Value, isFirst);
        if (histogram is null) return;
        BucketSpans.Spread(histogram.PositiveSpans, histogram.PositiveBuckets, _layout.PositiveSpans, _spread.AsSpan(0, _positive));
        BucketSpans.Spread(histogram.NegativeSpans, histogram.NegativeBuckets, _layout.NegativeSpans, _spread.AsSpan(_positive));
        for (int i = 0; i < _spread.Length; i++) Write(output, ref _buckets[i], _spread[i], isFirst);
    }

    static void Read(ref ChunkBitReader input, ref XorValue value, bool isFirst)
    {
        if (isFirst) value = XorValue.After(BitConverter.UInt64BitsToDouble(input.Read(64)));
        else value.Read(ref input);
    }

    static void Write(ChunkBitWriter output, ref XorValue value, double next, bool isFirst)
    {
        if (!isFirst)
        {
            value.Write(output, next);
            return;
        }
        output.WriteDouble(next);
        value = XorValue.After(next);
    }
}
