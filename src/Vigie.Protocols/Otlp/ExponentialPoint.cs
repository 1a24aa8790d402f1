using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <summary>An ExponentialHistogramDataPoint of metrics.proto. Reused from point to point.</summary>
sealed class ExponentialPoint
{
    const int ScaleMin = -4, ScaleMax = 8;

    /// <summary>Width of the zero bucket, whatever the point says: what Prometheus writes.</summary>
    const double ZeroThreshold = 1e-128;

    readonly Side _positive = new(), _negative = new();
    int _scale;
    ulong _zeroCount;

    public ulong StartNs { get; set; }
    public ulong TimeNs { get; private set; }
    public ulong Count { get; private set; }
    public double Sum { get; private set; }
    public bool IsStale { get; private set; }

    /// <exception cref="ProtocolException">The message is malformed.</exception>
    /// <exception cref="OtlpRefusal">Too many buckets.</exception>
    public void Read(ReadOnlySpan<byte> message)
    {
        (StartNs, TimeNs, Count, Sum, IsStale, _scale, _zeroCount) = (0, 0, 0, 0, false, 0, 0);
        _positive.Clear();
        _negative.Clear();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: StartNs = reader.ReadFixed64(); break;
                case 3: TimeNs = reader.ReadFixed64(); break;
                case 4: Count = reader.ReadFixed64(); break;
                case 5: Sum = reader.ReadDouble(); break;
                case 6: _scale = reader.ReadSInt32(); break;
                case 7: _zeroCount = reader.ReadFixed64(); break;
                case 8: _positive.Read(reader.ReadBytes()); break;
                case 9: _negative.Read(reader.ReadBytes()); break;
                case 10: IsStale = (reader.ReadVarint() & 1) != 0; break;
                default: reader.Skip(); break;
            }
        }
    }

    /// <exception cref="OtlpRefusal">The scale is coarser than native histograms know.</exception>
    public FloatHistogram ToHistogram(CounterResetHint hint)
    {
        if (_scale < ScaleMin)
            throw new OtlpRefusal($"cannot convert exponential to native histogram. Scale must be >= {ScaleMin}, was {_scale}");
        int scaleDown = Math.Max(0, _scale - ScaleMax);
        var (positiveSpans, positive) = _positive.Lay(scaleDown);
        var (negativeSpans, negative) = _negative.Lay(scaleDown);
        return new FloatHistogram
        {
            CounterResetHint = hint,
            Schema = Math.Min(_scale, ScaleMax),
            ZeroThreshold = ZeroThreshold,
            ZeroCount = _zeroCount,
            Count = IsStale ? StaleMarker.Value : Count,
            Sum = IsStale ? StaleMarker.Value : Sum,
            PositiveSpans = positiveSpans,
            PositiveBuckets = positive,
            NegativeSpans = negativeSpans,
            NegativeBuckets = negative,
        };
    }

    /// <summary>The Buckets message.</summary>
    sealed class Side
    {
        readonly List<ulong> _counts = [];
        int _offset;

        public void Clear()
        {
            _counts.Clear();
            _offset = 0;
        }

        public void Read(ReadOnlySpan<byte> message)
        {
            var reader = new ProtobufReader(message);
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case 1: _offset = reader.ReadSInt32(); break;
                    case 2:
                        var counts = reader.ReadList(WireType.Varint);
                        while (!counts.AtEnd) Add(counts.ReadVarint());
                        break;
                    default: reader.Skip(); break;
                }
            }
        }

        public (HistogramSpan[], double[]) Lay(int scaleDown) =>
            NativeBuckets.Lay(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_counts), _offset, scaleDown, shift: 1);

        void Add(ulong count)
        {
            if (_counts.Count >= ExplicitPoint.BucketsMax)
                throw new OtlpRefusal($"found a histogram of more than {ExplicitPoint.BucketsMax} buckets");
            _counts.Add(count);
        }
    }
}
