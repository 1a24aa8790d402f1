using System.Runtime.CompilerServices;
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
    /// <summary>The last decimal value times 10^<see cref="Exponent"/>.</summary>
    public long LastScaled;
    /// <summary>Running mean of the increments of a value that keeps growing, else 0.</summary>
    public long Trend;
    public byte Started;
    /// <summary>Decimal places, 0 to <see cref="ValueCodec.ExponentMax"/>, or <see cref="ValueCodec.FloatMode"/> for ever after.</summary>
    public byte Exponent;
    /// <summary>Bits of a residual (decimal), or of the meaningful part of an XOR (float).</summary>
    public byte Width;
    /// <summary>Zero bits below the meaningful part of an XOR.</summary>
    public byte Shift;
    /// <summary>Increments since the value last failed to grow, at most 255.</summary>
    public byte Rises;
    /// <summary>Encoder only: residuals in a row that would have fitted a smaller width, and the widest of them.</summary>
    public byte Slack;
    public byte SlackWidth;
}

/// <summary>
/// Values of one series as bits, exact for every bit pattern. Decimal numbers (most of what exporters print) are differences of scaled
/// integers around their trend, in a bit width that adapts; others are XORed with the value before, as in Gorilla (Pelkonen et al., VLDB
/// 2015). A value that does not change is one bit. Layout: docs/formats/values.md.
/// </summary>
static class ValueCodec
{
    public const int ExponentMax = 12;
    public const byte FloatMode = 15;
    const int WideBits = 64;
    const int SlackMax = 6;
    const int RisesForTrend = 4;
    const double ExactIntegerMax = 1L << 53;

    static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    public static void Encode<TSink>(ref ValueCodecState state, double value, ref TSink sink) where TSink : struct, IBitSink
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        if (state.Started == 0) EncodeFirst(ref state, value, bits, ref sink);
        else if (bits == state.LastBits) EncodeSame(ref state, ref sink);
        else if (state.Exponent == FloatMode) EncodeXor(ref state, bits, ref sink);
        else if (TryScale(value, state.Exponent, out long scaled)) EncodeResidual(ref state, bits, scaled, ref sink);
        else EncodeMisfit(ref state, value, bits, ref sink);
        state.LastBits = bits;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Decode(ref ValueCodecState state, ref BitReader reader)
    {
        if (state.Started != 0 && state.Exponent != FloatMode)
        {
            // The two commonest cases first: unchanged, and a decimal residual in the known width.
            ulong word = reader.Peek();
            if ((word & 1) == 0)
            {
                reader.Skip(1);
                NoteIncrement(ref state, 0);
                return BitConverter.UInt64BitsToDouble(state.LastBits);
            }
            if ((word & 2) == 0 && state.Width <= 54)
            {
                reader.Skip(2 + state.Width);
                return ApplyResidual(ref state, (word >> 2) & ((1UL << state.Width) - 1));
            }
        }
        return DecodeRare(ref state, ref reader);
    }

    static void EncodeFirst<TSink>(ref ValueCodecState state, double value, ulong bits, ref TSink sink) where TSink : struct, IBitSink
    {
        state.Started = 1;
        state.Exponent = FindExponent(value, 0, out long scaled);
        sink.Write(state.Exponent, 4);
        if (state.Exponent == FloatMode)
        {
            sink.Write(bits, WideBits);
            return;
        }
        state.LastScaled = scaled;
        ulong mapped = Varint.ZigZag(scaled);
        int width = BitsOf(mapped);
        sink.Write((ulong)width, 6);
        if (width > 0) sink.Write(mapped, width);
    }

    static void EncodeSame<TSink>(ref ValueCodecState state, ref TSink sink) where TSink : struct, IBitSink
    {
        sink.Write(0, 1);
        if (state.Exponent != FloatMode) NoteIncrement(ref state, 0);
    }

    static void EncodeResidual<TSink>(ref ValueCodecState state, ulong bits, long scaled, ref TSink sink) where TSink : struct, IBitSink
    {
        unchecked
        {
            long increment = scaled - state.LastScaled;
            ulong residual = Varint.ZigZag(increment - Expected(in state));
            int width = BitsOf(residual);
            if (width > state.Width || ShouldNarrow(ref state, width))
            {
                int chosen = width > state.Width ? width : state.SlackWidth;
                state.Width = (byte)chosen;
                state.Slack = state.SlackWidth = 0;
                sink.Write(0b011 | ((ulong)chosen << 3), 9);
            }
            else
            {
                sink.Write(0b01, 2);
            }
            if (state.Width > 0) sink.Write(residual, state.Width);
            state.LastScaled = scaled;
            NoteIncrement(ref state, increment);
        }
    }

    /// <summary>A value that is no decimal with the places used so far: more places, a single odd one (NaN, Inf, −0), or floats from now on.</summary>
    static void EncodeMisfit<TSink>(ref ValueCodecState state, double value, ulong bits, ref TSink sink) where TSink : struct, IBitSink
    {
        byte exponent = FindExponent(value, state.Exponent, out long scaled);
        if (exponent == FloatMode && (!double.IsFinite(value) || value == 0))
        {
            sink.Write(0b0111 | (0b1101UL << 4), 8);    // an exponent that does not exist: this one value only
            sink.Write(bits, WideBits);
            NoteIncrement(ref state, 0);
            return;
        }
        sink.Write(0b0111 | ((ulong)exponent << 4), 8);
        sink.Write(bits, WideBits);
        ChangeMode(ref state, exponent, scaled);
    }

    static void EncodeXor<TSink>(ref ValueCodecState state, ulong bits, ref TSink sink) where TSink : struct, IBitSink
    {
        ulong xor = bits ^ state.LastBits;
        int shift = System.Numerics.BitOperations.TrailingZeroCount(xor);
        int width = BitsOf(xor) - shift;
        // The known window is kept while it wastes fewer bits than announcing a new one costs.
        bool fits = state.Width > 0 && shift >= state.Shift && shift + width <= state.Shift + state.Width;
        if (fits && state.Width - width <= 12)
        {
            sink.Write(0b01, 2);
        }
        else
        {
            state.Shift = (byte)shift;
            state.Width = (byte)width;
            sink.Write(0b11 | ((ulong)shift << 2) | ((ulong)(width - 1) << 8), 14);
        }
        sink.Write(xor >> state.Shift, state.Width);
    }

    static double DecodeRare(ref ValueCodecState state, ref BitReader reader)
    {
        if (state.Started == 0) return DecodeFirst(ref state, ref reader);
        if (reader.Read(1) == 0) return BitConverter.UInt64BitsToDouble(state.LastBits);    // float mode: decimal was handled before
        if (state.Exponent == FloatMode) return DecodeXor(ref state, ref reader);
        if (reader.Read(1) == 0) return ApplyResidual(ref state, reader.ReadLong(state.Width));
        if (reader.Read(1) == 0)
        {
            state.Width = (byte)reader.Read(6);
            return ApplyResidual(ref state, reader.ReadLong(state.Width));
        }
        _ = reader.Read(1);
        byte exponent = (byte)reader.Read(4);
        state.LastBits = reader.ReadLong(WideBits);
        double value = BitConverter.UInt64BitsToDouble(state.LastBits);
        if (exponent == FloatMode) ChangeMode(ref state, FloatMode, 0);
        else if (exponent <= ExponentMax && TryScale(value, exponent, out long scaled)) ChangeMode(ref state, exponent, scaled);
        else NoteIncrement(ref state, 0);
        return value;
    }

    static double DecodeFirst(ref ValueCodecState state, ref BitReader reader)
    {
        state.Started = 1;
        state.Exponent = (byte)reader.Read(4);
        if (state.Exponent > ExponentMax)
        {
            state.Exponent = FloatMode;
            state.LastBits = reader.ReadLong(WideBits);
            return BitConverter.UInt64BitsToDouble(state.LastBits);
        }
        int width = (int)reader.Read(6);
        state.LastScaled = Varint.UnZigZag(reader.ReadLong(width));
        return Unscale(ref state);
    }

    static double DecodeXor(ref ValueCodecState state, ref BitReader reader)
    {
        if (reader.Read(1) != 0)
        {
            state.Shift = (byte)reader.Read(6);
            state.Width = (byte)(reader.Read(6) + 1);
        }
        state.LastBits ^= reader.ReadLong(state.Width) << state.Shift;
        return BitConverter.UInt64BitsToDouble(state.LastBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double ApplyResidual(ref ValueCodecState state, ulong residual)
    {
        unchecked
        {
            long increment = Varint.UnZigZag(residual) + Expected(in state);
            state.LastScaled += increment;
            NoteIncrement(ref state, increment);
            return Unscale(ref state);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Unscale(ref ValueCodecState state)
    {
        double value = state.Exponent == 0 ? state.LastScaled : state.LastScaled / PowersOfTen[state.Exponent];
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

    static void ChangeMode(ref ValueCodecState state, byte exponent, long scaled)
    {
        state.Exponent = exponent;
        state.LastScaled = scaled;
        state.Trend = 0;
        state.Width = state.Rises = state.Slack = state.SlackWidth = 0;
    }

    static byte FindExponent(double value, int from, out long scaled)
    {
        for (int exponent = from; exponent <= ExponentMax; exponent++)
            if (TryScale(value, exponent, out scaled)) return (byte)exponent;
        scaled = 0;
        return FloatMode;
    }

    /// <summary>True if <paramref name="value"/> is, to the bit, an integer below 2^53 divided by 10^<paramref name="exponent"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryScale(double value, int exponent, out long scaled)
    {
        double product = value * PowersOfTen[exponent];
        if (!(Math.Abs(product) < ExactIntegerMax))     // NaN too
        {
            scaled = 0;
            return false;
        }
        scaled = exponent == 0 ? unchecked((long)product) : (long)Math.Round(product);
        double back = exponent == 0 ? scaled : scaled / PowersOfTen[exponent];
        return BitConverter.DoubleToUInt64Bits(back) == BitConverter.DoubleToUInt64Bits(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int BitsOf(ulong value) => 64 - System.Numerics.BitOperations.LeadingZeroCount(value);
}
