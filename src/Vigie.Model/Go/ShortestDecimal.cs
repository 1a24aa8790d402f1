using System.Diagnostics;
using System.Numerics;

namespace Vigie.Model;

/// <summary>
/// The shortest decimal that reads back to the same double and, of several, the nearest: Schubfach (Raffaello Giulietti, "The Schubfach way to
/// render doubles", 2020). The same digits as Go's and .NET's shortest forms, several times faster than the latter.
/// </summary>
static class ShortestDecimal
{
    const int ExponentBias = 1075, PowerMin = -292, PowerMax = 324;
    const ulong HiddenBit = 1ul << 52;

    /// <summary>10^k as 128 bits, the highest one set, rounded up; k from <see cref="PowerMin"/> on.</summary>
    static readonly (ulong High, ulong Low)[] s_powers = BuildPowers();

    /// <param name="value">Finite and greater than zero.</param>
    /// <returns>The value is digits × 10^exponent; the last digit is not zero.</returns>
    public static (ulong Digits, int Exponent) Of(double value)
    {
        Debug.Assert(value > 0 && double.IsFinite(value), "not a positive number");
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        var (digits, exponent) = Shorten(bits & (HiddenBit - 1), (int)(bits >> 52));
        while (digits % 10 == 0)
        {
            digits /= 10;
            exponent++;
        }
        return (digits, exponent);
    }

    static (ulong, int) Shorten(ulong fraction, int biased)
    {
        ulong c = biased == 0 ? fraction : fraction | HiddenBit;
        int q = (biased == 0 ? 1 : biased) - ExponentBias;
        if (q is <= 0 and > -53 && BitOperations.TrailingZeroCount(c) >= -q) return (c >> -q, 0);

        // The neighbour below is only half as far away at a power of two.
        bool lowerIsCloser = fraction == 0 && biased > 1;
        ulong odd = c & 1;
        int k = (q * 1262611 - (lowerIsCloser ? 524031 : 0)) >> 22;
        int shift = q + FloorLog2OfPower(-k) + 1;
        var power = s_powers[-k - PowerMin];
        ulong lower = RoundToOdd(power, (4 * c - 2 + (lowerIsCloser ? 1u : 0u)) << shift) + odd;
        ulong middle = RoundToOdd(power, (4 * c) << shift);
        ulong upper = RoundToOdd(power, (4 * c + 2) << shift) - odd;

        ulong s = middle / 4;
        if (s >= 10)
        {
            ulong shorter = s / 10;
            bool downFits = lower <= 40 * shorter, upFits = 40 * shorter + 40 <= upper;
            if (downFits != upFits) return (shorter + (upFits ? 1u : 0u), k + 1);
        }
        bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
        if (down != up) return (s + (up ? 1u : 0u), k);
        ulong half = 4 * s + 2;
        bool roundsUp = middle > half || (middle == half && (s & 1) != 0);
        return (s + (roundsUp ? 1u : 0u), k);
    }

    /// <summary>The upper 64 bits of the product, with the lowest bit set if anything was cut off.</summary>
    static ulong RoundToOdd((ulong High, ulong Low) power, ulong factor)
    {
        unchecked
        {
            ulong lowHigh = Math.BigMul(power.Low, factor, out _);
            ulong high = Math.BigMul(power.High, factor, out ulong middle);
            middle += lowHigh;
            if (middle < lowHigh) high++;
            return middle > 1 ? high | 1 : high;
        }
    }

    static int FloorLog2OfPower(int k) => (k * 1741647) >> 19;

    static (ulong, ulong)[] BuildPowers()
    {
        var powers = new (ulong, ulong)[PowerMax - PowerMin + 1];
        for (int k = PowerMin; k <= PowerMax; k++)
        {
            var power = BigInteger.Pow(10, Math.Abs(k));
            int shift = 127 - FloorLog2OfPower(k);
            BigInteger scaled;
            if (k >= 0)
            {
                scaled = shift >= 0 ? power << shift : power >> -shift;
                if (shift < 0 && scaled << -shift != power) scaled++;
            }
            else scaled = (BigInteger.One << shift) / power + 1;
            powers[k - PowerMin] = ((ulong)(scaled >> 64), (ulong)(scaled & ulong.MaxValue));
        }
        return powers;
    }
}
