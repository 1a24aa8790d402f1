using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// What the value codec remembers between two samples of one series. The encoder and the decoder bring the same one through the same steps.
/// Plain bytes, zero-initialised: it lives in unmanaged memory, one per open chunk and one per series of a page of the log.
/// </summary>
struct ValueCodecState
{
    /// <summary>Bits of the last value.</summary>
    public ulong LastBits;
    /// <summary>The last value that was mapped to an integer, see <see cref="ValueMapping"/>.</summary>
    public long LastMapped;
    /// <summary>Running mean of the increments of a value that keeps growing, else 0.</summary>
    public long Trend;
    public byte Started;
    /// <summary>How values are mapped to integers: decimal places, or <see cref="ValueMapping.Bits"/> for ever after.</summary>
    public byte Mapping;
    /// <summary>Bits of a residual.</summary>
    public byte Width;
    /// <summary>1 if the last value was the same as the one before: the next one probably is too.</summary>
    public byte Resting;
    /// <summary>Increments since the value last failed to grow, at most 255.</summary>
    public byte Rises;
    /// <summary>Encoder only: residuals in a row that would have fitted a smaller width, and the widest of them.</summary>
    public byte Slack;
    public byte SlackWidth;
}

/// <summary>
/// Values of one series as bits, one at a time, exact for every bit pattern. Values become integers (decimal numbers scaled, others their
/// IEEE 754 bits); what is written is the difference to the last one, less the trend, in a width that adapts. A value that does not change
/// is one bit. Layout: docs/formats/values.md.
/// </summary>
/// <remarks>
/// Codes, least significant bit first; the shorter of the first two goes to what the last sample was like:
/// same <c>0</c> or <c>01</c> | residual <c>01</c> or <c>0</c>, then the residual in the known width | <c>011</c> 7 bits new width, residual |
/// <c>111</c> 4 bits mapping, 64 bits value; the mapping <see cref="OneValueOnly"/> leaves all else as it was.
/// </remarks>
static class ValueCodec
{
    const int WideBits = 64;
    const byte OneValueOnly = 13;
    const int SlackMax = 6;
    const int RisesForTrend = 4;
    /// <summary>Widest residual for which code and residual fit one <see cref="BitReader.Peek"/>.</summary>
    const int FastWidthMax = 54;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Encode<TSink>(ref ValueCodecState state, double value, ref TSink sink) where TSink : struct, IBitSink
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        // The commonest case: one more of the same, which leaves the state as it is (a value at rest has no trend).
        if (bits == state.LastBits && state.Resting != 0) sink.Write(0b0, 1);
        else EncodeOther(ref state, value, bits, ref sink);
    }

    static void EncodeOther<TSink>(ref ValueCodecState state, double value, ulong bits, ref TSink sink) where TSink : struct, IBitSink
    {
        if (state.Started == 0) EncodeFirst(ref state, value, bits, ref sink);
        else if (bits == state.LastBits) EncodeSame(ref state, ref sink);
        else if (ValueMapping.TryMap(value, state.Mapping, out long mapped)) EncodeResidual(ref state, mapped, ref sink);
        else EncodeMisfit(ref state, value, bits, ref sink);
        state.LastBits = bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Decode(ref ValueCodecState state, ref BitReader reader)
    {
        if (state.Started != 0)
        {
            // The two commonest cases first.
            ulong word = reader.Peek();
            bool isShort = (word & 1) == 0;
            if (isShort || (word & 2) == 0)
            {
                int code = isShort ? 1 : 2;
                if (isShort == (state.Resting != 0))
                {
                    reader.Skip(code);
                    NoteIncrement(ref state, 0);
                    return BitConverter.UInt64BitsToDouble(state.LastBits);
                }
                if (state.Width <= FastWidthMax)
                {
                    reader.Skip(code + state.Width);
                    return ApplyResidual(ref state, (word >> code) & ((1UL << state.Width) - 1));
                }
            }
        }
        return DecodeRare(ref state, ref reader);
    }

    /// <summary>Decodes as many values as fit, one after the other.</summary>
    public static void DecodeRun(ref ValueCodecState state, ref BitReader reader, scoped Span<double> values)
    {
        int done = 0;
        if (values.Length > 0 && state.Started == 0) values[done++] = DecodeFirst(ref state, ref reader);
        while (true)
        {
            done += DecodeCommon(ref state, ref reader, values[done..]);
            if (done >= values.Length) return;
            values[done++] = Decode(ref state, ref reader);
        }
    }

    /// <summary>
    /// The two commonest codes, in a loop that keeps the state in registers; stops at any other, and where the bits end.
    /// </summary>
    /// <returns>Values decoded.</returns>
    static int DecodeCommon(ref ValueCodecState state, ref BitReader reader, scoped Span<double> values)
    {
        unchecked
        {
            if (state.Width > FastWidthMax) return 0;
            var bytes = reader.Bytes;
            ref byte first = ref MemoryMarshal.GetReference(bytes);
            long position = reader.Position, last = (bytes.Length - 8L) * 8 + 7;
            long mapped = state.LastMapped, trend = state.Trend;
            int width = state.Width, rises = state.Rises;
            uint resting = state.Resting;
            ulong mask = (1UL << width) - 1;
            bool isBits = state.Mapping > ValueMapping.PlacesMax;
            double divisor = ValueMapping.DivisorOf(state.Mapping), value = BitConverter.UInt64BitsToDouble(state.LastBits);
            int i = 0;
            for (; i < values.Length && position <= last; i++)
            {
                ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, (nint)(position >> 3))) >> (int)(position & 7);
                uint code = (uint)word & 3;
                if (code == 3) break;
                uint isLong = code & 1;
                if (isLong != resting)
                {
                    // The shorter code is that of what came last.
                    position += 1 + isLong;
                    resting = 1;
                    rises = 0;
                    trend = 0;
                }
                else
                {
                    long increment = Varint.UnZigZag((word >> (int)(1 + isLong)) & mask) + (rises >= RisesForTrend ? trend : 0);
                    position += 1 + isLong + width;
                    mapped += increment;
                    resting = 0;
                    if (increment <= 0)
                    {
                        rises = 0;
                        trend = 0;
                    }
                    else
                    {
                        trend = rises == 0 ? increment : trend + ((increment - trend) >> 3);
                        if (rises < byte.MaxValue) rises++;
                    }
                    value = isBits ? BitConverter.Int64BitsToDouble(mapped) : mapped / divisor;
                }
                values[i] = value;
            }
            reader.Skip(position - reader.Position);
            state.LastMapped = mapped;
            state.Trend = trend;
            state.Rises = (byte)rises;
            state.Resting = (byte)resting;
            state.LastBits = BitConverter.DoubleToUInt64Bits(value);
            return i;
        }
    }

    static void EncodeFirst<TSink>(ref ValueCodecState state, double value, ulong bits, ref TSink sink) where TSink : struct, IBitSink
    {
        state.Started = 1;
        state.Mapping = ValueMapping.Find(value, 0, out long mapped);
        state.LastMapped = mapped;
        sink.Write(state.Mapping, 4);
        if (state.Mapping == ValueMapping.Bits)
        {
            sink.Write(bits, WideBits);
            return;
        }
        ulong coded = Varint.ZigZag(mapped);
        int width = BitsOf(coded);
        sink.Write((ulong)width, 6);
        if (width > 0) sink.Write(coded, width);
    }

    static void EncodeSame<TSink>(ref ValueCodecState state, ref TSink sink) where TSink : struct, IBitSink
    {
        if (state.Resting != 0) sink.Write(0b0, 1);
        else sink.Write(0b01, 2);
        NoteIncrement(ref state, 0);
    }

    static void EncodeResidual<TSink>(ref ValueCodecState state, long mapped, ref TSink sink) where TSink : struct, IBitSink
    {
        unchecked
        {
            long increment = mapped - state.LastMapped;
            ulong residual = Varint.ZigZag(increment - Expected(in state));
            int width = BitsOf(residual);
            if (width > state.Width || ShouldNarrow(ref state, width))
            {
                int chosen = width > state.Width ? width : state.SlackWidth;
                state.Width = (byte)chosen;
                state.Slack = state.SlackWidth = 0;
                sink.Write(0b011 | ((ulong)chosen << 3), 10);
            }
            else if (state.Resting != 0)
            {
                sink.Write(0b01, 2);
            }
            else
            {
                sink.Write(0b0, 1);
            }
            if (state.Width > 0) sink.Write(residual, state.Width);
            state.LastMapped = mapped;
            NoteIncrement(ref state, increment);
            state.Resting = 0;
        }
    }

    /// <summary>A value the mapping in use cannot express: more decimal places, bits from now on, or a single odd one (NaN, ±Inf, −0).</summary>
    static void EncodeMisfit<TSink>(ref ValueCodecState state, double value, ulong bits, ref TSink sink) where TSink : struct, IBitSink
    {
        byte mapping = ValueMapping.IsOdd(value) ? OneValueOnly : ValueMapping.Find(value, state.Mapping, out _);
        sink.Write(0b111 | ((ulong)mapping << 3), 7);
        sink.Write(bits, WideBits);
        ChangeMapping(ref state, mapping, value);
    }

    static double DecodeRare(ref ValueCodecState state, ref BitReader reader)
    {
        if (state.Started == 0) return DecodeFirst(ref state, ref reader);
        if (reader.Read(1) == 0 || reader.Read(1) == 0) return ApplyResidual(ref state, reader.ReadLong(state.Width));
        if (reader.Read(1) == 0)
        {
            state.Width = (byte)Math.Min(WideBits, reader.Read(7));
            return ApplyResidual(ref state, reader.ReadLong(state.Width));
        }
        byte mapping = (byte)reader.Read(4);
        state.LastBits = reader.ReadLong(WideBits);
        double value = BitConverter.UInt64BitsToDouble(state.LastBits);
        ChangeMapping(ref state, mapping, value);
        return value;
    }

    static double DecodeFirst(ref ValueCodecState state, ref BitReader reader)
    {
        state.Started = 1;
        state.Mapping = (byte)reader.Read(4);
        if (state.Mapping > ValueMapping.PlacesMax)
        {
            state.Mapping = ValueMapping.Bits;
            state.LastBits = reader.ReadLong(WideBits);
            double value = BitConverter.UInt64BitsToDouble(state.LastBits);
            if (!ValueMapping.IsOdd(value)) state.LastMapped = unchecked((long)state.LastBits);
            return value;
        }
        int width = (int)reader.Read(6);
        state.LastMapped = Varint.UnZigZag(reader.ReadLong(width));
        return Unmap(ref state);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double ApplyResidual(ref ValueCodecState state, ulong residual)
    {
        unchecked
        {
            long increment = Varint.UnZigZag(residual) + Expected(in state);
            state.LastMapped += increment;
            NoteIncrement(ref state, increment);
            state.Resting = 0;
            return Unmap(ref state);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Unmap(ref ValueCodecState state)
    {
        double value = ValueMapping.Unmap(state.LastMapped, state.Mapping);
        state.LastBits = BitConverter.DoubleToUInt64Bits(value);
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long Expected(in ValueCodecState state) => state.Rises >= RisesForTrend ? state.Trend : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void NoteIncrement(ref ValueCodecState state, long increment)
    {
        unchecked
        {
            if (increment <= 0)
            {
                state.Rises = 0;
                state.Trend = 0;
                state.Resting = 1;
                return;
            }
            if (state.Rises == 0) state.Trend = increment;
            else state.Trend += (increment - state.Trend) >> 3;
            if (state.Rises < byte.MaxValue) state.Rises++;
        }
    }

    static bool ShouldNarrow(ref ValueCodecState state, int width)
    {
        if (width >= state.Width - 1)
        {
            state.Slack = state.SlackWidth = 0;
            return false;
        }
        if (width > state.SlackWidth) state.SlackWidth = (byte)width;
        return ++state.Slack > SlackMax;
    }

    static void ChangeMapping(ref ValueCodecState state, byte mapping, double value)
    {
        if (mapping == OneValueOnly || !ValueMapping.TryMap(value, mapping, out long mapped)) return;
        state.Mapping = mapping;
        state.LastMapped = mapped;
        state.Trend = 0;
        state.Width = state.Resting = state.Rises = state.Slack = state.SlackWidth = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int BitsOf(ulong value) => 64 - System.Numerics.BitOperations.LeadingZeroCount(value);
}
