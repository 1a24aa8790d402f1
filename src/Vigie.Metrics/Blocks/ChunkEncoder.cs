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
        HistogramRunCodec.Write(output, histograms, this);
        return ChunkEncoding.HistogramRuns;
    }

    /// <returns>False if the bytes do not hold that many values.</returns>
    public static bool TryDecode(ChunkEncoding encoding, ReadOnlySpan<byte> bytes, Span<double> values) =>
        TryDecode(encoding, bytes, values.Length, 0, values, owner: 0, chunk: 0);

    /// <summary>Decodes a stretch of a chunk's values.</summary>
    /// <param name="count">Of the whole chunk, at most <see cref="BlockFormat.ChunkSamplesMax"/>.</param>
    /// <param name="start">Of the first one wanted.</param>
    /// <param name="owner">With <paramref name="chunk"/>, the chunk's name for the <see cref="ChunkSeeker"/>; 0 if it has none.</param>
    /// <returns>False if the bytes do not hold that many values.</returns>
    public static bool TryDecode(
        ChunkEncoding encoding, ReadOnlySpan<byte> bytes, int count, int start, Span<double> values, uint owner, nint chunk)
    {
        switch (encoding)
        {
            case ChunkEncoding.Constant when bytes.Length == 8:
                values.Fill(System.Buffers.Binary.BinaryPrimitives.ReadDoubleLittleEndian(bytes));
                return true;
            case ChunkEncoding.Adaptive:
                var bits = new BitReader(bytes);
                var position = default(ChunkPosition);
                if (start >= ChunkSeeker.Spacing && ChunkSeeker.TryFind(owner, chunk, start, out position)) bits.Skip(position.Bits);
                SkipTo(start, owner, chunk, ref position, ref bits);
                ValueCodec.DecodeRun(ref position.Values, ref bits, values);
                return !bits.Overrun;
            case ChunkEncoding.Packed:
                return PackedCodec.TryDecode(bytes, count, start, values, owner, chunk);
            default:
                return false;
        }
    }

    /// <summary>Decodes up to a sample, and remembers the last place before it where the next reader may begin.</summary>
    static void SkipTo(int start, uint owner, nint chunk, ref ChunkPosition position, ref BitReader bits)
    {
        Span<double> passed = stackalloc double[ChunkSeeker.Spacing];
        while (position.Index < start)
        {
            int step = Math.Min(ChunkSeeker.Spacing, start - position.Index);
            ValueCodec.DecodeRun(ref position.Values, ref bits, passed[..step]);
            position.Index += (ushort)step;
            bool isLast = step == ChunkSeeker.Spacing && start - position.Index < ChunkSeeker.Spacing;
            if (owner == 0 || !isLast || bits.Position > ushort.MaxValue) continue;
            position.Bits = (ushort)bits.Position;
            ChunkSeeker.Remember(owner, chunk, position);
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
