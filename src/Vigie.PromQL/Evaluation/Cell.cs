using System.Runtime.CompilerServices;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// The value that says "no float sample here" in a column of steps. It is the staleness marker: selectors never let one through and, being a
/// signalling NaN, it never comes out of arithmetic.
/// </summary>
static class Cell
{
    public static readonly double Absent = StaleMarker.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAbsent(double value) => BitConverter.DoubleToUInt64Bits(value) == StaleMarker.Bits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsPresent(double value) => BitConverter.DoubleToUInt64Bits(value) != StaleMarker.Bits;

    public static void Clear(Span<double> values) => values.Fill(Absent);

    public static int CountPresent(ReadOnlySpan<double> values)
    {
        int count = 0;
        foreach (double value in values)
            if (IsPresent(value)) count++;
        return count;
    }
}
