using System.Runtime.Intrinsics;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Kahan-compensated sums of rows, cell by cell: <see cref="KahanSum.Add"/> for several steps at a time, equal to it to the bit.</summary>
static class KahanRows
{
    /// <param name="sums">Absent where nothing has been added yet; the first value becomes the sum.</param>
    /// <param name="values">Absent where there is nothing to add.</param>
    public static void Add(Span<double> sums, Span<double> compensations, ReadOnlySpan<double> values)
    {
        int step = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var absent = Vector256.Create(StaleMarker.Bits);
            for (; step + Vector256<double>.Count <= values.Length; step += Vector256<double>.Count)
            {
                var value = Vector256.Create(values[step..]);
                var sum = Vector256.Create<double>(sums[step..]);
                var nothing = Vector256.Equals(value.AsUInt64(), absent).AsDouble();
                var first = Vector256.Equals(sum.AsUInt64(), absent).AsDouble();
                var compensation = Vector256.Create<double>(compensations[step..]);
                var (total, error) = Add(value, sum, compensation);
                Vector256.ConditionalSelect(nothing, sum, Vector256.ConditionalSelect(first, value, total)).CopyTo(sums[step..]);
                Vector256.ConditionalSelect(nothing | first, compensation, error).CopyTo(compensations[step..]);
            }
        }
        for (; step < values.Length; step++)
        {
            if (Cell.IsAbsent(values[step])) continue;
            if (Cell.IsAbsent(sums[step])) sums[step] = values[step];
            else KahanSum.Add(values[step], ref sums[step], ref compensations[step]);
        }
    }

    /// <summary><see cref="KahanSum.Add"/>, four at a time.</summary>
    public static (Vector256<double> Sum, Vector256<double> Error) Add(Vector256<double> value, Vector256<double> sum, Vector256<double> error)
    {
        var total = sum + value;
        var sumIsGreater = Vector256.GreaterThanOrEqual(Vector256.Abs(sum), Vector256.Abs(value));
        var greater = Vector256.ConditionalSelect(sumIsGreater, sum, value);
        var smaller = Vector256.ConditionalSelect(sumIsGreater, value, sum);
        var infinite = Vector256.Equals(Vector256.Abs(total), Vector256.Create(double.PositiveInfinity));
        return (total, Vector256.AndNot(error + ((greater - total) + smaller), infinite));
    }
}
