using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>
/// Doubles as integers whose differences are small: decimal numbers times a power of ten (most of what exporters print), others their
/// IEEE 754 bits, which sort as the values do (of one sign). A mapping is a number of decimal places, or <see cref="Bits"/>.
/// </summary>
static class ValueMapping
{
    /// <summary>Most decimal places.</summary>
    public const byte PlacesMax = 12;
    public const byte Bits = 15;
    const double ExactIntegerMax = 1L << 53;

    static readonly double[] PowersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <summary>Values no mapping is chosen for: not finite, or −0.</summary>
    public static bool IsOdd(double value) => !double.IsFinite(value) || (value == 0 && double.IsNegative(value));

    /// <summary>The first mapping from <paramref name="from"/> on that is exact for the value; an odd value maps to 0.</summary>
    public static byte Find(double value, int from, out long mapped)
    {
        for (int places = from; places <= PlacesMax; places++)
            if (TryMap(value, places, out mapped)) return (byte)places;
        mapped = IsOdd(value) ? 0 : BitConverter.DoubleToInt64Bits(value);
        return Bits;
    }

    /// <summary>False if the mapping does not give back the value to the bit, or the value is odd.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMap(double value, int mapping, out long mapped)
    {
        if (mapping > PlacesMax)
        {
            mapped = BitConverter.DoubleToInt64Bits(value);
            return mapping == Bits && !IsOdd(value);
        }
        double product = value * PowersOfTen[mapping];
        if (!(Math.Abs(product) < ExactIntegerMax))     // NaN too
        {
            mapped = 0;
            return false;
        }
        mapped = mapping == 0 ? unchecked((long)product) : (long)Math.Round(product);
        return BitConverter.DoubleToUInt64Bits(Unmap(mapped, mapping)) == BitConverter.DoubleToUInt64Bits(value);
    }

    /// <summary>Many at once.</summary>
    public static void Unmap(ReadOnlySpan<long> mapped, int mapping, Span<double> values)
    {
        if (mapping > PlacesMax) MemoryMarshal.Cast<long, double>(mapped).CopyTo(values);
        else if (mapping == 0) for (int i = 0; i < mapped.Length; i++) values[i] = mapped[i];
        else
        {
            double divisor = PowersOfTen[mapping];
            for (int i = 0; i < mapped.Length; i++) values[i] = mapped[i] / divisor;
        }
    }

    /// <summary>What integers are divided by; of no meaning for <see cref="Bits"/>.</summary>
    public static double DivisorOf(int mapping) => mapping <= PlacesMax ? PowersOfTen[mapping] : 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Unmap(long mapped, int mapping)
    {
        if (mapping == 0) return mapped;
        return mapping <= PlacesMax ? mapped / PowersOfTen[mapping] : BitConverter.Int64BitsToDouble(mapped);
    }
}
