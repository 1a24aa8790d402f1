using System.Numerics;

namespace Vigie.Protocols.Exposition;

/// <summary>
/// The double nearest to a decimal number of up to 19 digits: two multiplications for nearly all of them (Lemire, "Number parsing at a
/// gigabyte per second", 2021, sections 5 to 8).
/// </summary>
static class DecimalScaling
{
    /// <summary>Powers of ten that are tried; others are rare.</summary>
    const int PowerMin = -64, PowerMax = 64;
    const int MantissaBits = 52;
    const int ExponentBias = 1023;
    /// <summary>Bits of a product that decide the mantissa and its rounding are above these.</summary>
    const ulong UndecidedBits = 0x1ff;

    // 2^127 <= power < 2^128: the leading bits of 5^q, of a negative q rounded up.
    static readonly ulong[] s_high = new ulong[PowerMax - PowerMin + 1], s_low = new ulong[PowerMax - PowerMin + 1];

    static DecimalScaling()
    {
        for (int power = PowerMin; power <= PowerMax; power++)
        {
            var five = BigInteger.Pow(5, Math.Abs(power));
            var bits = power >= 0 ? five : (BigInteger.One << (2 * (int)five.GetBitLength() + 128)) / five + 1;
            int excess = (int)bits.GetBitLength() - 128;
            bits = excess > 0 ? bits >> excess : bits << -excess;
            s_high[power - PowerMin] = (ulong)(bits >> 64);
            s_low[power - PowerMin] = (ulong)(bits & ulong.MaxValue);
        }
    }

    /// <summary>mantissa × 10^power, rounded to nearest even.</summary>
    /// <returns>False if the short way cannot decide it, or not a normal number comes out.</returns>
    public static bool TryScale(ulong mantissa, int power, out double value)
    {
        value = 0;
        if (mantissa == 0) return true;
        if (power is < PowerMin or > PowerMax) return false;
        unchecked
        {
            int zeros = BitOperations.LeadingZeroCount(mantissa);
            mantissa <<= zeros;
            ulong upper = Math.BigMul(mantissa, s_high[power - PowerMin], out ulong lower);
            if ((upper & UndecidedBits) == UndecidedBits)
            {
                ulong more = Math.BigMul(mantissa, s_low[power - PowerMin], out _);
                lower += more;
                if (lower < more) upper++;
            }
            if (lower == ulong.MaxValue && power is < -27 or > 55) return false;

            int top = (int)(upper >> 63);
            int shift = top + 64 - MantissaBits - 3;
            ulong rounded = upper >> shift;
            int exponent = ((217706 * power) >> 16) + 63 + top - zeros + ExponentBias;
            if (exponent <= 0) return false;
            // Exactly between two doubles: to the even one.
            if (lower <= 1 && power is >= -4 and <= 23 && (rounded & 3) == 1 && rounded << shift == upper) rounded &= ~1UL;
            rounded += rounded & 1;
            rounded >>= 1;
            if (rounded >= 2UL << MantissaBits)
            {
                rounded = 1UL << MantissaBits;
                exponent++;
            }
            if (exponent >= 0x7ff) return false;
            value = BitConverter.UInt64BitsToDouble((rounded & ~(1UL << MantissaBits)) | ((ulong)exponent << MantissaBits));
            return true;
        }
    }
}
