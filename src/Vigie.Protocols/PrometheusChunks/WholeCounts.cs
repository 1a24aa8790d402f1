using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>The samples of a chunk of histograms with whole counts, without their timestamps.</summary>
struct WholeCounts(HistogramLayout layout)
{
    readonly HistogramLayout _layout = layout;
    readonly long[] _buckets = new long[layout.PositiveCount + layout.NegativeCount];
    readonly long[] _deltas = new long[layout.PositiveCount + layout.NegativeCount];
    readonly double[] _spread = new double[Math.Max(layout.PositiveCount, layout.NegativeCount)];
    readonly int _positive = layout.PositiveCount;
    long _count, _countDelta, _zeroCount, _zeroCountDelta;
    XorValue _sum;

    /// <summary>Null for a staleness marker.</summary>
    public FloatHistogram? Read(ref ChunkBitReader input, bool isFirst)
    {
        unchecked
        {
            if (isFirst)
            {
                _count = (long)Varbit.ReadUnsigned(ref input);
                _zeroCount = (long)Varbit.ReadUnsigned(ref input);
                _sum = XorValue.After(BitConverter.UInt64BitsToDouble(input.Read(64)));
            }
            else
            {
                _count += _countDelta += Varbit.ReadSigned(ref input);
                _zeroCount += _zeroCountDelta += Varbit.ReadSigned(ref input);
                _sum.Read(ref input);
                if (StaleMarker.IsStale(_sum.Value)) return null;
            }
            for (int i = 0; i < _buckets.Length; i++)
            {
                long read = Varbit.ReadSigned(ref input);
                _buckets[i] = isFirst ? read : _buckets[i] + (_deltas[i] += read);
            }
        }
        if (StaleMarker.IsStale(_sum.Value)) return null;
        return new FloatHistogram
        {
            Schema = _layout.Schema,
            ZeroThreshold = _layout.ZeroThreshold,
            Count = unchecked((ulong)_count),
            ZeroCount = unchecked((ulong)_zeroCount),
            Sum = _sum.Value,
            PositiveSpans = _layout.PositiveSpans,
            NegativeSpans = _layout.NegativeSpans,
            PositiveBuckets = Absolute(_buckets.AsSpan(0, _positive)),
            NegativeBuckets = Absolute(_buckets.AsSpan(_positive)),
            CustomValues = _layout.CustomValues,
        };
    }

    public void Write(ChunkBitWriter output, FloatHistogram? histogram, bool isFirst)
    {
        double sum = histogram?.Sum ?? StaleMarker.Value;
        if (isFirst)
        {
            _count = (long)(histogram?.Count ?? 0);
            _zeroCount = (long)(histogram?.ZeroCount ?? 0);
            Varbit.WriteUnsigned(output, (ulong)_count);
            Varbit.WriteUnsigned(output, (ulong)_zeroCount);
            output.WriteDouble(sum);
            _sum = XorValue.After(sum);
        }
        else
        {
            WriteCount(output, histogram?.Count, ref _count, ref _countDelta);
            WriteCount(output, histogram?.ZeroCount, ref _zeroCount, ref _zeroCountDelta);
            _sum.Write(output, sum);
        }
        if (histogram is null) return;
        WriteSide(output, histogram.PositiveSpans, histogram.PositiveBuckets, _layout.PositiveSpans, 0, _positive, isFirst);
        WriteSide(output, histogram.NegativeSpans, histogram.NegativeBuckets, _layout.NegativeSpans, _positive, _buckets.Length - _positive, isFirst);
    }

    /// <summary>Of a staleness marker: that the count grows on.</summary>
    static void WriteCount(ChunkBitWriter output, double? count, ref long last, ref long delta)
    {
        if (count is not { } value)
        {
            Varbit.WriteSigned(output, 0);
            return;
        }
        long next = (long)value - last;
        Varbit.WriteSigned(output, next - delta);
        last = (long)value;
        delta = next;
    }

    readonly void WriteSide(
        ChunkBitWriter output, HistogramSpan[] spans, double[] counts, HistogramSpan[] wider, int start, int length, bool isFirst)
    {
        var spread = _spread.AsSpan(0, length);
        BucketSpans.Spread(spans, counts, wider, spread);
        long before = 0;
        for (int i = 0; i < length; i++)
        {
            long bucket = (long)spread[i] - before, delta = bucket - _buckets[start + i];
            before = (long)spread[i];
            Varbit.WriteSigned(output, isFirst ? bucket : delta - _deltas[start + i]);
            _buckets[start + i] = bucket;
            _deltas[start + i] = isFirst ? 0 : delta;
        }
    }

    static double[] Absolute(ReadOnlySpan<long> deltas)
    {
        var counts = new double[deltas.Length];
        long count = 0;
        for (int i = 0; i < counts.Length; i++) counts[i] = count = unchecked(count + deltas[i]);
        return counts;
    }
}
