using System.Globalization;
using Vigie.Model;

namespace Vigie.Protocols.Exposition;

/// <summary>The message io.prometheus.client.Histogram: classic buckets, native buckets, or both.</summary>
sealed class ProtobufHistogram
{
    public sealed record Bucket(double UpperBound, double CumulativeCount, List<Exemplar>? Exemplars);

    readonly List<HistogramSpan> _positiveSpans = [], _negativeSpans = [];
    readonly List<long> _positiveDeltas = [], _negativeDeltas = [];
    readonly List<double> _positiveCounts = [], _negativeCounts = [];
    readonly List<Exemplar> _exemplars = [];
    double _integerCount, _floatCount, _integerZeroCount, _floatZeroCount, _zeroThreshold;
    int _schema;

    public double Sum { get; private set; }
    public double Count => _floatCount > 0 ? _floatCount : _integerCount;
    public List<Bucket> Buckets { get; } = [];
    public long StartTimestampMs { get; private set; }

    /// <summary>A native histogram without observations is told by a span, if need be an empty one.</summary>
    public bool IsNative =>
        _positiveSpans.Count > 0 || _negativeSpans.Count > 0 || _zeroThreshold > 0 || _integerZeroCount > 0 || _floatZeroCount > 0;

    /// <summary>Those with a timestamp: the others could not be told apart.</summary>
    public List<Exemplar> NativeExemplars
    {
        get
        {
            var all = _exemplars.Count > 0 ? _exemplars : [.. Buckets.SelectMany(static bucket => bucket.Exemplars ?? [])];
            return all.FindAll(static exemplar => exemplar.HasTimestamp);
        }
    }

    public static ProtobufHistogram Read(ReadOnlySpan<byte> message)
    {
        var histogram = new ProtobufHistogram();
        var fields = new ProtobufCursor(message);
        while (fields.Next()) histogram.ReadField(ref fields);
        return histogram;
    }

    void ReadField(ref ProtobufCursor field)
    {
        switch (field.Field)
        {
            case 1: _integerCount = field.Varint; break;
            case 2: Sum = field.Double; break;
            case 3: Buckets.Add(ReadBucket(field.Bytes)); break;
            case 4: _floatCount = field.Double; break;
            case 5: _schema = (int)field.ZigZag; break;
            case 6: _zeroThreshold = field.Double; break;
            case 7: _integerZeroCount = field.Varint; break;
            case 8: _floatZeroCount = field.Double; break;
            case 9: _negativeSpans.Add(ReadSpan(field.Bytes)); break;
            case 10: ReadDeltas(ref field, _negativeDeltas); break;
            case 11: ReadCounts(ref field, _negativeCounts); break;
            case 12: _positiveSpans.Add(ReadSpan(field.Bytes)); break;
            case 13: ReadDeltas(ref field, _positiveDeltas); break;
            case 14: ReadCounts(ref field, _positiveCounts); break;
            case 15: StartTimestampMs = ProtobufExpositionReader.ReadTimestamp(field.Bytes); break;
            case 16: _exemplars.Add(ProtobufExpositionReader.ReadExemplar(field.Bytes)); break;
        }
    }

    /// <param name="problem">Null, or why spans and buckets do not fit.</param>
    public FloatHistogram ToModel(bool gauge, out string? problem)
    {
        bool floats = _floatCount > 0 || _floatZeroCount > 0;
        double[] positive = floats ? [.. _positiveCounts] : FromDeltas(_positiveDeltas);
        double[] negative = floats ? [.. _negativeCounts] : FromDeltas(_negativeDeltas);
        problem = Mismatch("positive", _positiveSpans, positive.Length) ?? Mismatch("negative", _negativeSpans, negative.Length);
        return new FloatHistogram
        {
            CounterResetHint = gauge ? CounterResetHint.Gauge : CounterResetHint.Unknown,
            Schema = _schema,
            ZeroThreshold = _zeroThreshold,
            ZeroCount = floats ? _floatZeroCount : _integerZeroCount,
            Count = floats ? _floatCount : _integerCount,
            Sum = Sum,
            PositiveSpans = WithoutEmpty(_positiveSpans),
            NegativeSpans = WithoutEmpty(_negativeSpans),
            PositiveBuckets = positive,
            NegativeBuckets = negative,
        };
    }

    static string? Mismatch(string side, List<HistogramSpan> spans, int buckets)
    {
        long required = spans.Sum(static span => (long)span.Length);
        return required == buckets
            ? null : string.Create(CultureInfo.InvariantCulture, $"{side} side: spans require {required} buckets, have {buckets}");
    }

    static HistogramSpan[] WithoutEmpty(List<HistogramSpan> spans)
    {
        var kept = new List<HistogramSpan>(spans.Count);
        int carried = 0;
        foreach (var span in spans)
        {
            carried += span.Offset;
            if (span.Length == 0) continue;
            kept.Add(span with { Offset = carried });
            carried = 0;
        }
        return [.. kept];
    }

    static double[] FromDeltas(List<long> deltas)
    {
        var counts = new double[deltas.Count];
        long count = 0;
        for (int i = 0; i < counts.Length; i++) counts[i] = count = unchecked(count + deltas[i]);
        return counts;
    }

    static Bucket ReadBucket(ReadOnlySpan<byte> message)
    {
        double integerCount = 0, floatCount = 0, bound = 0;
        List<Exemplar>? exemplars = null;
        var fields = new ProtobufCursor(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1: integerCount = fields.Varint; break;
                case 2: bound = fields.Double; break;
                case 3: exemplars = [ProtobufExpositionReader.ReadExemplar(fields.Bytes)]; break;
                case 4: floatCount = fields.Double; break;
            }
        }
        return new Bucket(bound, floatCount > 0 ? floatCount : integerCount, exemplars);
    }

    static HistogramSpan ReadSpan(ReadOnlySpan<byte> message)
    {
        int offset = 0;
        int length = 0;
        var fields = new ProtobufCursor(message);
        while (fields.Next())
        {
            if (fields.Field == 1) offset = (int)fields.ZigZag;
            else if (fields.Field == 2) length = (int)Math.Min(fields.Varint, int.MaxValue);
        }
        return new HistogramSpan(offset, length);
    }

    static void ReadDeltas(ref ProtobufCursor field, List<long> deltas)
    {
        if (!field.IsPacked)
        {
            deltas.Add(field.ZigZag);
            return;
        }
        var packed = new ProtobufCursor(field.Bytes);
        while (!packed.AtEnd) deltas.Add(ProtobufCursor.ZigZagOf(packed.ReadVarint()));
    }

    static void ReadCounts(ref ProtobufCursor field, List<double> counts)
    {
        if (!field.IsPacked)
        {
            counts.Add(field.Double);
            return;
        }
        for (var bytes = field.Bytes; bytes.Length >= 8; bytes = bytes[8..])
            counts.Add(System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(bytes));
    }
}
