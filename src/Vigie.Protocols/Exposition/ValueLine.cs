using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Vigie.Protocols.Exposition;

/// <summary>
/// Reads the decimal number that a sample line ends with, a vector at a time. What it does not know, <see cref="SampleNumber"/> reads.
/// </summary>
static class ValueLine
{
    /// <summary>Bytes that must be there, whatever they are.</summary>
    public const int Room = 32;
    const int VectorDigits = 16;
    /// <summary>Most digits behind those of a vector.</summary>
    const int RestMax = 8;
    /// <summary>Before every digit: there is no point.</summary>
    const int NoPoint = -100;

    // A mantissa below 2^53 times or over one of these rounds once, hence correctly (Clinger 1990).
    static readonly double[] s_exactPowers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    static readonly ulong[] s_tens = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

    /// <param name="text">At least <see cref="Room"/> bytes.</param>
    /// <param name="length">Bytes of the number; a linebreak follows.</param>
    /// <returns>False if it is no plain decimal number, or the line goes on behind it.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, out double value, out int length)
    {
        // Most numbers are one digit.
        uint digit = unchecked((uint)text[0] - '0');
        if (digit <= 9 && text[1] == '\n')
        {
            value = digit;
            length = 1;
            return true;
        }
        return TryReadLong(text, out value, out length);
    }

    static bool TryReadLong(ReadOnlySpan<byte> text, out double value, out int length)
    {
        value = 0;
        var vector = Vector256.Create(text[..Room]);
        uint ends = Vector256.Equals(vector, Vector256.Create((byte)'\n')).ExtractMostSignificantBits();
        length = BitOperations.TrailingZeroCount(ends);
        if (ends == 0) return false;
        uint within = (1u << length) - 1;
        uint points = Vector256.Equals(vector, Vector256.Create((byte)'.')).ExtractMostSignificantBits() & within;
        uint exponents = Vector256.Equals(vector | Vector256.Create((byte)0x20), Vector256.Create((byte)'e')).ExtractMostSignificantBits()
            & within;

        int start = text[0] == '-' ? 1 : 0;
        int end = exponents == 0 ? length : BitOperations.TrailingZeroCount(exponents);
        int point = points == 0 ? NoPoint : BitOperations.TrailingZeroCount(points) - start;
        int count = end - start, digits = count - (points == 0 ? 0 : 1);
        if (digits <= 0 || count > VectorDigits + RestMax || point >= count) return false;
        if (!TryReadDigits(text[start..], count, point, out ulong mantissa)) return false;
        int power = points == 0 ? 0 : point + 1 - count;
        if (exponents != 0)
        {
            if (!TryReadExponent(text[(end + 1)..length], out int exponent)) return false;
            power += exponent;
        }
        if (mantissa <= 1UL << 53 && power is >= -22 and <= 22)
            value = power < 0 ? mantissa / s_exactPowers[-power] : mantissa * s_exactPowers[power];
        else if (!DecimalScaling.TryScale(mantissa, power, out value)) return false;
        if (start > 0) value = -value;
        return true;
    }

    /// <param name="text">Starts with the digits.</param>
    /// <param name="count">Bytes of digits and point.</param>
    /// <param name="point">Where the point stands among them, or <see cref="NoPoint"/>.</param>
    /// <returns>False if something else stands there, or more than fits.</returns>
    static bool TryReadDigits(ReadOnlySpan<byte> text, int count, int point, out ulong mantissa)
    {
        int first = Math.Min(count, VectorDigits), firstPoint = point < first ? point : NoPoint;
        bool valid = Ssse3.IsSupported && Sse41.IsSupported
            ? TryReadVector(text, first, firstPoint, out mantissa) : TryReadDigitByDigit(text[..first], firstPoint, out mantissa);
        if (!valid || count == first) return valid;
        if (!TryReadDigitByDigit(text[first..count], point - first, out ulong rest)) return false;
        int restDigits = count - first - (point >= first ? 1 : 0);
        if (Math.BigMul(mantissa, s_tens[restDigits], out ulong low) != 0) return false;
        mantissa = unchecked(low + rest);
        return mantissa >= low;
    }

    static bool TryReadVector(ReadOnlySpan<byte> text, int count, int point, out ulong mantissa)
    {
        var digits = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(text)) - Vector128.Create((byte)'0');
        // To the right end; what stands before the point a place further, over it. An index below zero gives a zero.
        var from = Vector128<sbyte>.Indices + Vector128.Create((sbyte)(count - VectorDigits));
        from += Vector128.LessThanOrEqual(from, Vector128.Create((sbyte)point));
        digits = Ssse3.Shuffle(digits, from.AsByte());
        if (Vector128.GreaterThanAny(digits, Vector128.Create((byte)9)))
        {
            mantissa = 0;
            return false;
        }
        var pairs = Ssse3.MultiplyAddAdjacent(digits, Vector128.Create(0x010A_010A_010A_010AUL).AsSByte());
        var fours = Sse2.MultiplyAddAdjacent(pairs, Vector128.Create(0x0001_0064_0001_0064UL).AsInt16());
        var packed = Sse41.PackUnsignedSaturate(fours, fours).AsInt16();
        var eights = Sse2.MultiplyAddAdjacent(packed, Vector128.Create(0x0001_2710_0001_2710UL).AsInt16());
        mantissa = unchecked(((ulong)(uint)eights.GetElement(0) * 100_000_000) + (uint)eights.GetElement(1));
        return true;
    }

    static bool TryReadDigitByDigit(ReadOnlySpan<byte> text, int point, out ulong mantissa)
    {
        mantissa = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (i == point) continue;
            uint digit = unchecked((uint)text[i] - '0');
            if (digit > 9) return false;
            mantissa = unchecked((mantissa * 10) + digit);
        }
        return true;
    }

    static bool TryReadExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        if (text.Length == 0) return false;
        bool negative = text[0] == '-';
        int at = text[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        if (text.Length - at is 0 or > 3) return false;
        for (; at < text.Length; at++)
        {
            uint digit = unchecked((uint)text[at] - '0');
            if (digit > 9) return false;
            exponent = (exponent * 10) + (int)digit;
        }
        if (negative) exponent = -exponent;
        return true;
    }
}
