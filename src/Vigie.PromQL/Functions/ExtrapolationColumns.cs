using System.Numerics;

namespace Vigie.PromQL;

/// <summary>
/// What rate, increase and delta know of the time of each step's window, in columns, and the extrapolation over them (the same arithmetic, in the
/// same order, as for a single window: the results are equal to the bit).
/// </summary>
readonly ref struct ExtrapolationColumns
{
    /// <summary>Number of columns.</summary>
    public const int Count = 4;

    public ExtrapolationColumns(Span<double> memory, int steps)
    {
        Steps = steps;
        Intervals = memory[..steps];
        ToStart = memory.Slice(steps, steps);
        ToEnd = memory.Slice(2 * steps, steps);
        Sampled = memory.Slice(3 * steps, steps);
    }

    public int Steps { get; }

    /// <summary>Samples less one; below 1 the step has no result and the other columns mean nothing.</summary>
    public readonly Span<double> Intervals;

    /// <summary>From the start of the window to its first sample; milliseconds before <see cref="Prepare"/>, then seconds to extrapolate over.</summary>
    public readonly Span<double> ToStart;

    /// <summary>From the last sample to the end of the window, like <see cref="ToStart"/>.</summary>
    public readonly Span<double> ToEnd;

    /// <summary>From the first to the last sample; milliseconds before <see cref="Prepare"/>, then seconds.</summary>
    public readonly Span<double> Sampled;

    /// <summary>Works out what depends on the times alone.</summary>
    public void Prepare()
    {
        for (int step = 0; step < Steps; step++)
        {
            if (!(Intervals[step] >= 1)) continue;
            double toStart = ToStart[step] / 1000, toEnd = ToEnd[step] / 1000, sampled = Sampled[step] / 1000;
            Limit(sampled / Intervals[step], ref toStart, ref toEnd);
            ToStart[step] = toStart;
            ToEnd[step] = toEnd;
            Sampled[step] = sampled;
        }
    }

    /// <param name="differences">By step, the last sample less the first, resets added.</param>
    /// <param name="firsts">By step, the first sample.</param>
    public void Extrapolate(ReadOnlySpan<double> differences, ReadOnlySpan<double> firsts, bool isCounter, bool perSecond, double rangeSeconds,
        Span<double> results)
    {
        int step = 0;
        for (; step + Vector<double>.Count <= Steps; step += Vector<double>.Count)
        {
            var difference = new Vector<double>(differences[step..]);
            var toStart = new Vector<double>(ToStart[step..]);
            var sampled = new Vector<double>(Sampled[step..]);
            if (isCounter)
            {
                var first = new Vector<double>(firsts[step..]);
                var toZero = sampled * (first / difference);
                var applies = Vector.GreaterThan(difference, Vector<double>.Zero) & Vector.GreaterThanOrEqual(first, Vector<double>.Zero)
                    & Vector.LessThan(toZero, toStart);
                toStart = Vector.ConditionalSelect(applies, toZero, toStart);
            }
            var factor = (sampled + toStart + new Vector<double>(ToEnd[step..])) / sampled;
            if (perSecond) factor /= new Vector<double>(rangeSeconds);
            var enough = Vector.GreaterThanOrEqual(new Vector<double>(Intervals[step..]), Vector<double>.One);
            Vector.ConditionalSelect(enough, difference * factor, new Vector<double>(Cell.Absent)).CopyTo(results[step..]);
        }
        for (; step < Steps; step++)
            results[step] = Intervals[step] >= 1
                ? differences[step] * Factor(isCounter, perSecond, Sampled[step], ToStart[step], ToEnd[step], differences[step], firsts[step], rangeSeconds)
                : Cell.Absent;
    }

    /// <summary>Where a sample would be expected and is not, the series is taken to begin or end half a spacing further out.</summary>
    /// <param name="average">Seconds between two samples, on average.</param>
    static void Limit(double average, ref double toStart, ref double toEnd)
    {
        double threshold = average * 1.1;
        if (toStart >= threshold) toStart = average / 2;
        if (toEnd >= threshold) toEnd = average / 2;
    }

    /// <summary>What to multiply the difference between the last and the first sample by.</summary>
    /// <param name="sampled">Seconds from the first to the last sample.</param>
    /// <param name="average">Seconds between two samples, on average.</param>
    /// <param name="first">The first sample, of a counter; for histograms its count.</param>
    public static double Factor(bool isCounter, bool perSecond, double sampled, double average, double toStart, double toEnd, double difference,
        double first, double rangeSeconds)
    {
        Limit(average, ref toStart, ref toEnd);
        return Factor(isCounter, perSecond, sampled, toStart, toEnd, difference, first, rangeSeconds);
    }

    static double Factor(
        bool isCounter, bool perSecond, double sampled, double toStart, double toEnd, double difference, double first, double rangeSeconds)
    {
        if (isCounter && difference > 0 && first >= 0)
        {
            // A counter was not below zero: do not extrapolate beyond the time it would have been zero.
            double toZero = sampled * (first / difference);
            if (toZero < toStart) toStart = toZero;
        }
        double factor = (sampled + toStart + toEnd) / sampled;
        return perSecond ? factor / rangeSeconds : factor;
    }
}
