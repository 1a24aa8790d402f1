using System.Numerics;

namespace Vigie.PromQL;

/// <summary>
/// What rate, increase and delta know of the window of each step, in columns, and the extrapolation over them (the same arithmetic, in the same
/// order, as for a single window: the results are equal to the bit).
/// </summary>
readonly ref struct ExtrapolationColumns
{
    /// <summary>Number of columns.</summary>
    public const int Count = 6;

    public ExtrapolationColumns(Span<double> memory, int steps)
    {
        Steps = steps;
        Intervals = memory[..steps];
        Differences = memory.Slice(steps, steps);
        Firsts = memory.Slice(2 * steps, steps);
        ToStartMs = memory.Slice(3 * steps, steps);
        ToEndMs = memory.Slice(4 * steps, steps);
        SampledMs = memory.Slice(5 * steps, steps);
    }

    public int Steps { get; }

    /// <summary>Samples less one; below 1 the step has no result and the other columns mean nothing.</summary>
    public readonly Span<double> Intervals;
    public readonly Span<double> Differences;
    public readonly Span<double> Firsts;
    public readonly Span<double> ToStartMs;
    public readonly Span<double> ToEndMs;
    public readonly Span<double> SampledMs;

    public void Extrapolate(bool isCounter, bool perSecond, double rangeSeconds, Span<double> results)
    {
        int step = 0;
        var thousand = new Vector<double>(1000);
        for (; step + Vector<double>.Count <= Steps; step += Vector<double>.Count)
        {
            var intervals = new Vector<double>(Intervals[step..]);
            var difference = new Vector<double>(Differences[step..]);
            var toStart = new Vector<double>(ToStartMs[step..]) / thousand;
            var toEnd = new Vector<double>(ToEndMs[step..]) / thousand;
            var sampled = new Vector<double>(SampledMs[step..]) / thousand;
            var average = sampled / intervals;
            var threshold = average * 1.1;
            var half = average / new Vector<double>(2);
            toStart = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(toStart, threshold), half, toStart);
            if (isCounter)
            {
                var first = new Vector<double>(Firsts[step..]);
                var toZero = sampled * (first / difference);
                var applies = Vector.GreaterThan(difference, Vector<double>.Zero) & Vector.GreaterThanOrEqual(first, Vector<double>.Zero)
                    & Vector.LessThan(toZero, toStart);
                toStart = Vector.ConditionalSelect(applies, toZero, toStart);
            }
            toEnd = Vector.ConditionalSelect(Vector.GreaterThanOrEqual(toEnd, threshold), half, toEnd);
            var factor = (sampled + toStart + toEnd) / sampled;
            if (perSecond) factor /= new Vector<double>(rangeSeconds);
            var enough = Vector.GreaterThanOrEqual(intervals, Vector<double>.One);
            Vector.ConditionalSelect(enough, difference * factor, new Vector<double>(Cell.Absent)).CopyTo(results[step..]);
        }
        for (; step < Steps; step++) results[step] = One(step, isCounter, perSecond, rangeSeconds);
    }

    /// <summary>The scalar twin.</summary>
    double One(int step, bool isCounter, bool perSecond, double rangeSeconds)
    {
        if (!(Intervals[step] >= 1)) return Cell.Absent;
        double difference = Differences[step], first = Firsts[step];
        double toStart = ToStartMs[step] / 1000, toEnd = ToEndMs[step] / 1000, sampled = SampledMs[step] / 1000;
        double factor = Factor(isCounter, perSecond, sampled, sampled / Intervals[step], toStart, toEnd, difference, first, rangeSeconds);
        return difference * factor;
    }

    /// <summary>What to multiply the difference between the last and the first sample by.</summary>
    /// <param name="sampled">Seconds from the first to the last sample.</param>
    /// <param name="average">Seconds between two samples, on average.</param>
    /// <param name="first">The first sample, of a counter; for histograms its count.</param>
    public static double Factor(bool isCounter, bool perSecond, double sampled, double average, double toStart, double toEnd, double difference,
        double first, double rangeSeconds)
    {
        // Where a sample would be expected and is not, the series is taken to begin or end half a spacing further out.
        double threshold = average * 1.1;
        if (toStart >= threshold) toStart = average / 2;
        if (isCounter && difference > 0 && first >= 0)
        {
            // A counter was not below zero: do not extrapolate beyond the time it would have been zero.
            double toZero = sampled * (first / difference);
            if (toZero < toStart) toStart = toZero;
        }
        if (toEnd >= threshold) toEnd = average / 2;
        double factor = (sampled + toStart + toEnd) / sampled;
        return perSecond ? factor / rangeSeconds : factor;
    }
}
