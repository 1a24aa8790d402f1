using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>What the histograms of one chunk share: schema, zero threshold and where the buckets lie (chunks.md: histogram chunk data).</summary>
sealed record HistogramLayout(
    int Schema, double ZeroThreshold, HistogramSpan[] PositiveSpans, HistogramSpan[] NegativeSpans, double[] CustomValues)
{
    const int SmallestExponent = -242;
    const int LargestExponent = 11;
    const int BucketsMax = 20_000;
    const double CustomScale = 1000;
    const double CustomMax = 33_554_430;

    /// <summary>Of a chunk that begins with a staleness marker.</summary>
    public static HistogramLayout Empty { get; } = new(0, 0, [], [], []);

    public int PositiveCount => BucketSpans.Count(PositiveSpans);
    public int NegativeCount => BucketSpans.Count(NegativeSpans);

    public void Write(ChunkBitWriter output)
    {
        WriteZeroThreshold(output, ZeroThreshold);
        Varbit.WriteSigned(output, Schema);
        WriteSpans(output, PositiveSpans);
        WriteSpans(output, NegativeSpans);
        if (Schema != FloatHistogram.CustomBucketsSchema) return;
        Varbit.WriteUnsigned(output, (ulong)CustomValues.Length);
        foreach (double bound in CustomValues) WriteCustomValue(output, bound);
    }

    /// <summary>Null if the bytes are no layout.</summary>
    public static HistogramLayout? TryRead(ref ChunkBitReader input)
    {
        double zeroThreshold = ReadZeroThreshold(ref input);
        long schema = Varbit.ReadSigned(ref input);
        if (schema is not FloatHistogram.CustomBucketsSchema and not (>= -9 and <= 52)) return null;
        if (TryReadSpans(ref input) is not { } positive || TryReadSpans(ref input) is not { } negative) return null;
        double[] custom = [];
        if (schema == FloatHistogram.CustomBucketsSchema)
        {
            ulong count = Varbit.ReadUnsigned(ref input);
            if (count > (ulong)Math.Max(0, input.Remaining)) return null;
            custom = new double[count];
            for (int i = 0; i < custom.Length; i++) custom[i] = ReadCustomValue(ref input);
        }
        return input.Overrun ? null : new HistogramLayout((int)schema, zeroThreshold, positive, negative, custom);
    }

    static void WriteZeroThreshold(ChunkBitWriter output, double threshold)
    {
        if (threshold == 0)
        {
            output.Write(0, 8);
            return;
        }
        // A power of two, 0.5 × 2^exponent, is its exponent alone.
        int exponent = Math.ILogB(threshold) + 1;
        if (exponent is < SmallestExponent or > LargestExponent || Math.ScaleB(0.5, exponent) != threshold)
        {
            output.Write(255, 8);
            output.WriteDouble(threshold);
            return;
        }
        output.Write((ulong)(exponent - SmallestExponent + 1), 8);
    }

    static double ReadZeroThreshold(ref ChunkBitReader input)
    {
        int code = (int)input.Read(8);
        return code switch
        {
            0 => 0,
            255 => BitConverter.UInt64BitsToDouble(input.Read(64)),
            _ => Math.ScaleB(0.5, code + SmallestExponent - 1),
        };
    }

    static void WriteSpans(ChunkBitWriter output, HistogramSpan[] spans)
    {
        Varbit.WriteUnsigned(output, (ulong)spans.Length);
        foreach (var span in spans)
        {
            Varbit.WriteUnsigned(output, (ulong)span.Length);
            Varbit.WriteSigned(output, span.Offset);
        }
    }

    /// <summary>Null if there cannot be as many buckets as the spans say: each takes a bit at least.</summary>
    static HistogramSpan[]? TryReadSpans(ref ChunkBitReader input)
    {
        ulong count = Varbit.ReadUnsigned(ref input);
        if (input.Remaining < 0 || count > (ulong)input.Remaining) return null;
        var spans = new HistogramSpan[count];
        long buckets = 0;
        for (int i = 0; i < spans.Length; i++)
        {
            ulong length = Varbit.ReadUnsigned(ref input);
            long offset = Varbit.ReadSigned(ref input);
            if (input.Overrun || length > BucketsMax || offset is < int.MinValue or > int.MaxValue) return null;
            buckets += (long)length;
            spans[i] = new HistogramSpan((int)offset, (int)length);
        }
        return buckets > Math.Min(input.Remaining, BucketsMax) ? null : spans;
    }

    /// <summary>Bounds people choose have few decimals: thousandths as a whole number, plus one; others whole, behind a zero bit.</summary>
    static void WriteCustomValue(ChunkBitWriter output, double bound)
    {
        double scaled = bound * CustomScale;
        if (scaled is >= 0 and <= CustomMax && Math.Round(scaled) / CustomScale == bound)
        {
            Varbit.WriteUnsigned(output, (ulong)Math.Round(scaled) + 1);
            return;
        }
        output.WriteBit(false);
        output.WriteDouble(bound);
    }

    static double ReadCustomValue(ref ChunkBitReader input)
    {
        ulong scaled = Varbit.ReadUnsigned(ref input);
        return scaled == 0 ? BitConverter.UInt64BitsToDouble(input.Read(64)) : (scaled - 1) / CustomScale;
    }
}
