using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>Encodes the values of a block's chunks, choosing the encoding per chunk. Reusable; not thread-safe.</summary>
sealed class ChunkEncoder
{
    readonly BitWriter _bits = new();
    readonly PackedCodec _packed = new();

    public ChunkEncoding Encode(ReadOnlySpan<double> values, ByteBuffer output)
    {
        if (IsConstant(values))
        {
            output.WriteDouble(values[0]);
            return ChunkEncoding.Constant;
        }
        // Packing all samples alike wins unless the value mostly rests.
        bool rests = SamesOf(values) * 4 > values.Length;
        if (!rests && _packed.TryEncode(values, int.MaxValue, output)) return ChunkEncoding.Packed;
        _bits.Clear();
        var sink = _bits.AsSink();
        var state = default(ValueCodecState);
        foreach (double value in values) ValueCodec.Encode(ref state, value, ref sink);
        if (rests && _packed.TryEncode(values, _bits.ByteCount, output)) return ChunkEncoding.Packed;
        output.WriteBits(_bits);
        return ChunkEncoding.Adaptive;
    }

    public ChunkEncoding Encode(ReadOnlySpan<FloatHistogram?> histograms, ByteBuffer output)
    {
        foreach (var histogram in histograms) HistogramCodec.Write(output, histogram!);
        return ChunkEncoding.Histograms;
    }

    /// <returns>False if the bytes do not hold that many values.</returns>
    public static bool TryDecode(ChunkEncoding encoding, ReadOnlySpan<byte> bytes, Span<double> values) =>
        TryDecode(encoding, bytes, values.Length, 0, values);

    /// <summary>Decodes a stretch of a chunk's values.</summary>
    /// <param name="count">Of the whole chunk, at most <see cref="BlockFormat.ChunkSamplesMax"/>.</param>
    /// <param name="start">Of the first one wanted.</param>
    /// <returns>False if the bytes do not hold that many values.</returns>
    public static bool TryDecode(ChunkEncoding encoding, ReadOnlySpan<byte> bytes, int count, int start, Span<double> values)
    {
        switch (encoding)
        {
            case ChunkEncoding.Constant when bytes.Length == 8:
                values.Fill(System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(bytes));
                return true;
            case ChunkEncoding.Adaptive:
                var bits = new BitReader(bytes);
                var state = default(ValueCodecState);
                Span<double> passed = stackalloc double[start];
                ValueCodec.DecodeRun(ref state, ref bits, passed);
                ValueCodec.DecodeRun(ref state, ref bits, values);
                return !bits.Overrun;
            case ChunkEncoding.Packed:
                return PackedCodec.TryDecode(bytes, count, start, values);
            default:
                return false;
        }
    }

    static bool IsConstant(ReadOnlySpan<double> values) => SamesOf(values) == values.Length - 1;

    /// <summary>Samples whose value is, to the bit, that of the one before.</summary>
    static int SamesOf(ReadOnlySpan<double> values)
    {
        int sames = 0;
        for (int i = 1; i < values.Length; i++)
            if (BitConverter.DoubleToInt64Bits(values[i]) == BitConverter.DoubleToInt64Bits(values[i - 1])) sames++;
        return sames;
    }
}
