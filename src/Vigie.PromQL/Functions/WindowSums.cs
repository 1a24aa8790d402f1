using System.Runtime.Intrinsics;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Kahan-compensated sums and averages of all windows of a series. Windows of neighbouring steps are summed side by side, each in the order of its
/// samples, so that every sum is equal, to the bit, to that of its window alone.
/// </summary>
static class WindowSums
{
    const int Lanes = 8;

    public static void Evaluate(SeriesSamples samples, RangeContext context, bool average, Span<double> results)
    {
        var windows = context.FindWindows(samples.FloatTimes, results.Length);
        context.CountLoaded(windows.Loaded);
        var from = windows.From;
        var to = windows.To;
        var values = samples.Floats;
        int step = 0;
        if (Vector256.IsHardwareAccelerated)
            for (; step + Lanes <= results.Length; step += Lanes)
                EvaluateLanes(values, from.Slice(step, Lanes), to.Slice(step, Lanes), average, results[step..]);
        for (; step < results.Length; step++) results[step] = One(values[from[step]..to[step]], average);
    }

    static double One(ReadOnlySpan<double> window, bool average)
    {
        if (window.IsEmpty) return Cell.Absent;
        return average ? AverageOverTimeFunction.Average(window) : SumOverTimeFunction.Sum(window);
    }

    static void EvaluateLanes(ReadOnlySpan<double> values, ReadOnlySpan<int> from, ReadOnlySpan<int> to, bool average, Span<double> results)
    {
        int shared = int.MaxValue;
        for (int lane = 0; lane < Lanes; lane++) shared = Math.Min(shared, to[lane] - from[lane]);
        Span<double> sums = stackalloc double[Lanes], errors = stackalloc double[Lanes];
        sums.Clear();
        errors.Clear();
        int begin = 0;
        if (average && shared > 0)
        {
            // An average begins with its first sample: minus zero stays minus zero.
            for (int lane = 0; lane < Lanes; lane++) sums[lane] = values[from[lane]];
            begin = 1;
        }
        AddLanes(values, from, begin, shared, sums, errors);
        for (int lane = 0; lane < Lanes; lane++)
        {
            var window = values[from[lane]..to[lane]];
            if (shared == 0 || (average && !double.IsFinite(sums[lane])))
            {
                results[lane] = One(window, average);
                continue;
            }
            for (int i = shared; i < window.Length; i++) KahanSum.Add(window[i], ref sums[lane], ref errors[lane]);
            results[lane] = average
                ? double.IsFinite(sums[lane]) ? sums[lane] / window.Length + errors[lane] / window.Length : One(window, average)
                : double.IsInfinity(sums[lane]) ? sums[lane] : sums[lane] + errors[lane];
        }
    }

    /// <summary>Adds the samples at places <paramref name="begin"/> to <paramref name="end"/> of each window to its sum.</summary>
    static void AddLanes(ReadOnlySpan<double> values, ReadOnlySpan<int> from, int begin, int end, Span<double> sums, Span<double> errors)
    {
        var sumA = Vector256.Create<double>(sums);
        var sumB = Vector256.Create<double>(sums[4..]);
        var errorA = Vector256<double>.Zero;
        var errorB = Vector256<double>.Zero;
        for (int i = begin; i < end; i++)
        {
            var a = Vector256.Create(values[from[0] + i], values[from[1] + i], values[from[2] + i], values[from[3] + i]);
            var b = Vector256.Create(values[from[4] + i], values[from[5] + i], values[from[6] + i], values[from[7] + i]);
            (sumA, errorA) = KahanRows.Add(a, sumA, errorA);
            (sumB, errorB) = KahanRows.Add(b, sumB, errorB);
        }
        sumA.CopyTo(sums);
        sumB.CopyTo(sums[4..]);
        errorA.CopyTo(errors);
        errorB.CopyTo(errors[4..]);
    }
}
