using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
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
        int count = 0, at = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var absent = Vector256.Create(StaleMarker.Bits);
            for (; at + Vector256<double>.Count <= values.Length; at += Vector256<double>.Count)
                count += Vector256<double>.Count - BitOperations.PopCount(
                    Vector256.Equals(Vector256.Create(values[at..]).AsUInt64(), absent).ExtractMostSignificantBits());
        }
        for (; at < values.Length; at++)
            if (IsPresent(values[at])) count++;
        return count;
    }
}
