using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Exposition;

/// <summary>The message io.prometheus.client.Histogram: classic buckets, native buckets, or both.</summary>
sealed class ProtobufHistogram
{
    public sealed record Bucket(double UpperBound, double CumulativeCount, List<Exemplar>? Exemplars);

    readonly HistogramSide _positive = new("positive"), _negative = new("negative");
    readonly List<Exemplar> _exemplars = [];
    double _integerCount, _floatCount, _integerZeroCount, _floatZeroCount, _zeroThreshold;
    int _schema;

    public double Sum { get; private set; }
    public double Count => _floatCount > 0 ? _floatCount : _integerCount;
    public List<Bucket> Buckets { get; } = [];
    public long StartTimestampMs { get; private set; }

    /// <summary>A native histogram without observations is told by a span, if need be an empty one.</summary>
    public bool IsNative =>
        _positive.HasSpans || _negative.HasSpans || _zeroThreshold > 0 || _integerZeroCount > 0 || _floatZeroCount > 0;

    /// <summary>Those with a timestamp: the others could not be told apart.</summary>
    public List<Exemplar> NativeExemplars
    {
        get
        {
            var all = _exemplars.Count > 0 ? _exemplars : [.. Buckets.SelectMany(static bucket => bucket.Exemplars ?? [])];
            return all.FindAll(static exemplar => exemplar.HasTimestamp);
        }
    }

    /// <exception cref="ProtocolException">The message is malformed.</exception>
    public static ProtobufHistogram Read(ReadOnlySpan<byte> message)
    {
        var histogram = new ProtobufHistogram();
        var fields = new ProtobufReader(message);
        while (fields.Next()) histogram.ReadField(ref fields);
        return histogram;
    }

    void ReadField(ref ProtobufReader field)
    {
        switch (field.Field)
        {
            case 1: _integerCount = field.ReadVarint(); break;
            case 2: Sum = field.ReadDouble(); break;
            case 3: Buckets.Add(ReadBucket(field.ReadBytes())); break;
            case 4: _floatCount = field.ReadDouble(); break;
            case 5: _schema = field.ReadSInt32(); break;
            case 6: _zeroThreshold = field.ReadDouble(); break;
            case 7: _integerZeroCount = field.ReadVarint(); break;
            case 8: _floatZeroCount = field.ReadDouble(); break;
            case 9: _negative.ReadSpan(ref field); break;
            case 10: _negative.ReadDeltas(ref field); break;
            case 11: _negative.ReadCounts(ref field); break;
            case 12: _positive.ReadSpan(ref field); break;
            case 13: _positive.ReadDeltas(ref field); break;
            case 14: _positive.ReadCounts(ref field); break;
            case 15: StartTimestampMs = ProtobufExpositionReader.ReadTimestamp(field.ReadBytes()); break;
            case 16: _exemplars.Add(ProtobufExpositionReader.ReadExemplar(field.ReadBytes())); break;
            default: field.Skip(); break;
        }
    }

    public FloatHistogram ToModel(bool gauge)
    {
        bool floats = _floatCount > 0 || _floatZeroCount > 0;
        return new FloatHistogram
        {
            CounterResetHint = gauge ? CounterResetHint.Gauge : CounterResetHint.Unknown,
            Schema = _schema,
            ZeroThreshold = _zeroThreshold,
            ZeroCount = floats ? _floatZeroCount : _integerZeroCount,
            Count = floats ? _floatCount : _integerCount,
            Sum = Sum,
            PositiveSpans = WithoutEmpty(_positive.Spans),
            NegativeSpans = WithoutEmpty(_negative.Spans),
            PositiveBuckets = _positive.BucketsOf(floats),
            NegativeBuckets = _negative.BucketsOf(floats),
        };
    }

    static HistogramSpan[] WithoutEmpty(HistogramSpan[] spans)
    {
        var kept = new List<HistogramSpan>(spans.Length);
        int carried = 0;
        foreach (var span in spans)
        {
            carried = unchecked(carried + span.Offset);
            if (span.Length == 0) continue;
            kept.Add(span with { Offset = carried });
            carried = 0;
        }
        return [.. kept];
    }

    static Bucket ReadBucket(ReadOnlySpan<byte> message)
    {
        double integerCount = 0, floatCount = 0, bound = 0;
        List<Exemplar>? exemplars = null;
        var fields = new ProtobufReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: integerCount = fields.ReadVarint(); break;
                case 2: bound = fields.ReadDouble(); break;
                case 3: exemplars = [ProtobufExpositionReader.ReadExemplar(fields.ReadBytes())]; break;
                case 4: floatCount = fields.ReadDouble(); break;
                default: fields.Skip(); break;
            }
        }
        return new Bucket(bound, floatCount > 0 ? floatCount : integerCount, exemplars);
    }
}
