using Vigie.Model;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.RemoteWrite;

/// <summary>
/// The Histogram message of remote write (prometheus prompb/types.proto; 2.0 has the same field numbers). Integer histograms arrive as deltas
/// between buckets and become absolute float counts.
/// </summary>
static class HistogramMessage
{
    /// <summary>Most bounds of custom buckets.</summary>
    const int BoundsMax = 20_000;

    /// <returns>
    /// The start is 0 if the message has none (only 2.0 can have one). Whether the histogram makes sense is not looked at: see <see
    /// cref="FloatHistogram.FindProblem"/>.
    /// </returns>
    /// <exception cref="ProtocolException">The message is malformed.</exception>
    public static (FloatHistogram Histogram, long TimestampMs, long StartMs) Read(ReadOnlySpan<byte> message)
    {
        var histogram = new FloatHistogram();
        long timestampMs = 0, startMs = 0;
        HistogramSide positive = new("positive"), negative = new("negative");
        bool floats = false;
        List<double> bounds = [];
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: (histogram.Count, floats) = (reader.ReadVarint(), false); break;
                case 2: (histogram.Count, floats) = (reader.ReadDouble(), true); break;
                case 3: histogram.Sum = reader.ReadDouble(); break;
                case 4: histogram.Schema = reader.ReadSInt32(); break;
                case 5: histogram.ZeroThreshold = reader.ReadDouble(); break;
                case 6: histogram.ZeroCount = reader.ReadVarint(); break;
                case 7: histogram.ZeroCount = reader.ReadDouble(); break;
                case 8: negative.ReadSpan(ref reader); break;
                case 9: negative.ReadDeltas(ref reader); break;
                case 10: negative.ReadCounts(ref reader); break;
                case 11: positive.ReadSpan(ref reader); break;
                case 12: positive.ReadDeltas(ref reader); break;
                case 13: positive.ReadCounts(ref reader); break;
                case 14: histogram.CounterResetHint = (CounterResetHint)(reader.ReadVarint() & 3); break;
                case 15: timestampMs = reader.ReadInt64(); break;
                case 16: ReadBounds(ref reader, bounds); break;
                case 17: startMs = reader.ReadInt64(); break;
                default: reader.Skip(); break;
            }
        }
        histogram.PositiveSpans = positive.Spans;
        histogram.NegativeSpans = negative.Spans;
        histogram.PositiveBuckets = positive.BucketsOf(floats);
        histogram.NegativeBuckets = negative.BucketsOf(floats);
        histogram.CustomValues = [.. bounds];
        return (histogram, timestampMs, startMs);
    }

    static void ReadBounds(ref ProtobufReader field, List<double> bounds)
    {
        var list = field.ReadList(WireType.Fixed64);
        while (!list.AtEnd)
        {
            if (bounds.Count == BoundsMax) throw new ProtocolException($"histogram: found more than {BoundsMax} custom bounds");
            bounds.Add(list.ReadDouble());
        }
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
}
