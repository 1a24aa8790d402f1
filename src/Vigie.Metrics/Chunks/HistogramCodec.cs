using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// One native histogram as bytes. Bucket counts that are whole numbers (those of every client library) are varints of the difference to
/// the bucket before; others are eight bytes each. Layout: docs/formats/values.md.
/// </summary>
static class HistogramCodec
{
    const byte WholeCounts = 1;
    const double WholeMax = 1L << 53;

    public static void Write(ByteBuffer output, FloatHistogram histogram)
    {
        bool whole = IsWhole(histogram.Count) && IsWhole(histogram.ZeroCount)
            && AllWhole(histogram.PositiveBuckets) && AllWhole(histogram.NegativeBuckets);
        output.WriteByte(whole ? WholeCounts : (byte)0);
        output.WriteByte((byte)histogram.CounterResetHint);
        output.WriteSigned(histogram.Schema);
        output.WriteDouble(histogram.ZeroThreshold);
        output.WriteDouble(histogram.Sum);
        WriteCounts(output, [histogram.Count, histogram.ZeroCount], whole);
        WriteSpans(output, histogram.PositiveSpans);
        WriteSpans(output, histogram.NegativeSpans);
        WriteBuckets(output, histogram.PositiveBuckets, whole);
        WriteBuckets(output, histogram.NegativeBuckets, whole);
        output.WriteVarint((ulong)histogram.CustomValues.Length);
        foreach (double bound in histogram.CustomValues) output.WriteDouble(bound);
    }

    /// <summary>Null if the bytes are no histogram.</summary>
    public static FloatHistogram? Read(ref ByteReader input)
    {
        bool whole = input.ReadByte() == WholeCounts;
        var histogram = new FloatHistogram
        {
            CounterResetHint = (CounterResetHint)input.ReadByte(),
            Schema = unchecked((int)input.ReadSigned()),
            ZeroThreshold = input.ReadDouble(),
            Sum = input.ReadDouble(),
        };
        var counts = ReadCounts(ref input, 2, whole);
        (histogram.Count, histogram.ZeroCount) = (counts[0], counts[1]);
        histogram.PositiveSpans = ReadSpans(ref input);
        histogram.NegativeSpans = ReadSpans(ref input);
        histogram.PositiveBuckets = ReadCounts(ref input, input.ReadCount(), whole);
        histogram.NegativeBuckets = ReadCounts(ref input, input.ReadCount(), whole);
        histogram.CustomValues = ReadCounts(ref input, input.ReadCount(8), whole: false);
        return input.Failed ? null : histogram;
    }

    /// <summary>Tells histograms apart well enough to judge a repeated sample.</summary>
    public static ulong Digest(FloatHistogram histogram)
    {
        unchecked
        {
            ulong digest = BitConverter.DoubleToUInt64Bits(histogram.Sum);
            digest = (digest * 31) + BitConverter.DoubleToUInt64Bits(histogram.Count);
            digest = (digest * 31) + (ulong)histogram.Schema;
            foreach (double count in histogram.PositiveBuckets) digest = (digest * 31) + BitConverter.DoubleToUInt64Bits(count);
            foreach (double count in histogram.NegativeBuckets) digest = (digest * 31) + BitConverter.DoubleToUInt64Bits(count);
            return digest;
        }
    }

    static void WriteSpans(ByteBuffer output, HistogramSpan[] spans)
    {
        output.WriteVarint((ulong)spans.Length);
        foreach (var span in spans)
        {
            output.WriteSigned(span.Offset);
            output.WriteVarint((ulong)span.Length);
        }
    }

    static HistogramSpan[] ReadSpans(ref ByteReader input)
    {
        var spans = new HistogramSpan[input.ReadCount(2)];
        for (int i = 0; i < spans.Length; i++)
            spans[i] = new HistogramSpan(unchecked((int)input.ReadSigned()), unchecked((int)input.ReadVarint()));
        return spans;
    }

    static void WriteBuckets(ByteBuffer output, double[] counts, bool whole)
    {
        output.WriteVarint((ulong)counts.Length);
        WriteCounts(output, counts, whole);
    }

    static void WriteCounts(ByteBuffer output, ReadOnlySpan<double> counts, bool whole)
    {
        long last = 0;
        foreach (double count in counts)
        {
            if (whole)
            {
                output.WriteSigned((long)count - last);
                last = (long)count;
            }
            else
            {
                output.WriteDouble(count);
            }
        }
    }

    static double[] ReadCounts(ref ByteReader input, int length, bool whole)
    {
        var counts = new double[length];
        long last = 0;
        for (int i = 0; i < length; i++) counts[i] = whole ? last = unchecked(last + input.ReadSigned()) : input.ReadDouble();
        return counts;
    }

    static bool AllWhole(double[] counts)
    {
        foreach (double count in counts)
            if (!IsWhole(count)) return false;
        return true;
    }

    static bool IsWhole(double value) =>
        value is >= 0 and < WholeMax && BitConverter.DoubleToUInt64Bits((long)value) == BitConverter.DoubleToUInt64Bits(value);
}
