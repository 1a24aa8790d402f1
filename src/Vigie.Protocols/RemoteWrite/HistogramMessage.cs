using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>
/// The Histogram message of remote write (prometheus prompb/types.proto; 2.0 has the same field numbers). Integer histograms arrive as
/// deltas
/// between buckets and become absolute float counts.
/// </summary>
static class HistogramMessage
{
    const int BucketsMax = 20_000;

    /// <returns>The start is 0 if the message has none (only 2.0 can have one).</returns>
    public static (FloatHistogram Histogram, long TimestampMs, long StartMs) Read(ReadOnlySpan<byte> message)
    {
        var histogram = new FloatHistogram();
        long timestampMs = 0, startMs = 0;
        List<HistogramSpan> positiveSpans = [], negativeSpans = [];
        List<double> positive = [], negative = [], custom = [];
        List<long> positiveDeltas = [], negativeDeltas = [];
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: histogram.Count = reader.ReadVarint(); break;
                case 2: histogram.Count = Double(ref reader); break;
                case 3: histogram.Sum = Double(ref reader); break;
                case 4: histogram.Schema = (int)reader.ReadZigZag(); break;
                case 5: histogram.ZeroThreshold = Double(ref reader); break;
                case 6: histogram.ZeroCount = reader.ReadVarint(); break;
                case 7: histogram.ZeroCount = Double(ref reader); break;
                case 8: negativeSpans.Add(Span(ref reader)); break;
                case 9: Deltas(ref reader, negativeDeltas); break;
                case 10: Doubles(ref reader, negative); break;
                case 11: positiveSpans.Add(Span(ref reader)); break;
                case 12: Deltas(ref reader, positiveDeltas); break;
                case 13: Doubles(ref reader, positive); break;
                case 14: histogram.CounterResetHint = (CounterResetHint)(reader.ReadVarint() & 3); break;
                case 15: timestampMs = reader.ReadInt64(); break;
                case 16: Doubles(ref reader, custom); break;
                case 17 when reader.WireType == WireType.Varint: startMs = reader.ReadInt64(); break;
                default: reader.Skip(); break;
            }
        }
        histogram.PositiveSpans = [.. positiveSpans];
        histogram.NegativeSpans = [.. negativeSpans];
        histogram.PositiveBuckets = positiveDeltas.Count > 0 ? Accumulate(positiveDeltas) : [.. positive];
        histogram.NegativeBuckets = negativeDeltas.Count > 0 ? Accumulate(negativeDeltas) : [.. negative];
        histogram.CustomValues = [.. custom];
        Check(histogram.PositiveSpans, histogram.PositiveBuckets, "positive");
        Check(histogram.NegativeSpans, histogram.NegativeBuckets, "negative");
        return (histogram, timestampMs, startMs);
    }

    /// <summary>Writes a float histogram: what is stored here has float counts.</summary>
    public static void Write(ProtobufWriter output, int field, long timestampMs, FloatHistogram histogram)
    {
        int start = output.Begin(field);
        output.Double(2, histogram.Count);
        output.Double(3, histogram.Sum);
        output.ZigZag(4, histogram.Schema);
        output.Double(5, histogram.ZeroThreshold);
        output.Double(7, histogram.ZeroCount);
        WriteSpans(output, 8, histogram.NegativeSpans);
        output.Doubles(10, histogram.NegativeBuckets);
        WriteSpans(output, 11, histogram.PositiveSpans);
        output.Doubles(13, histogram.PositiveBuckets);
        output.Varint(14, (ulong)histogram.CounterResetHint);
        output.Int64(15, timestampMs);
        output.Doubles(16, histogram.CustomValues);
        output.End(start);
    }

    static void WriteSpans(ProtobufWriter output, int field, HistogramSpan[] spans)
    {
        foreach (var span in spans)
        {
            int start = output.Begin(field);
            output.ZigZag(1, span.Offset);
            output.Varint(2, (ulong)span.Length);
            output.End(start);
        }
    }

    static void Check(HistogramSpan[] spans, double[] buckets, string side)
    {
        long expected = 0;
        foreach (var span in spans) expected += span.Length;
        if (expected != buckets.Length)
            throw new ProtocolException($"remote write: histogram: found {buckets.Length} {side} buckets, expected {expected} as the spans say");
    }

    static double[] Accumulate(List<long> deltas)
    {
        var counts = new double[deltas.Count];
        long count = 0;
        for (int i = 0; i < counts.Length; i++) counts[i] = count += deltas[i];
        return counts;
    }

    static double Double(ref ProtobufReader reader)
    {
        reader.Expect(WireType.Fixed64);
        return reader.ReadDouble();
    }

    static HistogramSpan Span(ref ProtobufReader reader)
    {
        reader.Expect(WireType.LengthDelimited);
        int offset = 0;
        ulong length = 0;
        var span = new ProtobufReader(reader.ReadBytes());
        while (span.Next())
        {
            if (span.Field == 1) offset = (int)span.ReadZigZag();
            else if (span.Field == 2) length = span.ReadVarint();
            else span.Skip();
        }
        if (length > BucketsMax) throw new ProtocolException($"remote write: histogram: found a span of {length} buckets, expected at most {BucketsMax}");
        return new HistogramSpan(offset, (int)length);
    }

    static void Deltas(ref ProtobufReader reader, List<long> output)
    {
        if (reader.WireType == WireType.Varint)
        {
            Bounded(output).Add(reader.ReadZigZag());
            return;
        }
        reader.Expect(WireType.LengthDelimited);
        var packed = new ProtobufReader(reader.ReadBytes());
        while (!packed.AtEnd) Bounded(output).Add(packed.ReadZigZag());
    }

    static void Doubles(ref ProtobufReader reader, List<double> output)
    {
        if (reader.WireType == WireType.Fixed64)
        {
            Bounded(output).Add(reader.ReadDouble());
            return;
        }
        reader.Expect(WireType.LengthDelimited);
        var packed = new ProtobufReader(reader.ReadBytes());
        while (!packed.AtEnd) Bounded(output).Add(packed.ReadDouble());
    }

    static List<T> Bounded<T>(List<T> list) => list.Count < BucketsMax
        ? list
        : throw new ProtocolException($"remote write: histogram: found more than {BucketsMax} buckets");
}
