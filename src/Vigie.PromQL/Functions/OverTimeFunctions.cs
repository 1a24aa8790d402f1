using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>count_over_time: floats and histograms.</summary>
sealed class CountOverTimeFunction : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output) => output.SetFloat(window.Step, window.Count);
}

/// <summary>present_over_time: 1.</summary>
sealed class PresentOverTimeFunction : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output) => output.SetFloat(window.Step, 1);
}

/// <summary>last_over_time and first_over_time: a sample of the series, so the name stays.</summary>
sealed class EdgeSampleFunction(bool last) : RangeFunction
{
    public override bool KeepsName => true;

    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (last ? window.LastIsFloat : window.FirstIsFloat) output.SetFloat(window.Step, last ? window.Floats[^1] : window.Floats[0]);
        else output.SetHistogram(window.Step, last ? window.Histograms[^1] : window.Histograms[0]);
    }
}

/// <summary>ts_of_last_over_time and ts_of_first_over_time (experimental).</summary>
sealed class EdgeTimeFunction(bool last) : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        bool isFloat = last ? window.LastIsFloat : window.FirstIsFloat;
        var times = isFloat ? window.FloatTimes : window.HistogramTimes;
        output.SetFloat(window.Step, (last ? times[^1] : times[0]) / 1000d);
    }
}

/// <summary>min_over_time, max_over_time, and the times of these extremes (experimental). NaN only if there is nothing else.</summary>
/// <param name="wantsTime">The time of the extreme, of several equal ones the last.</param>
sealed class ExtremeOverTimeFunction(bool wantsGreater, bool wantsTime) : RangeFunction
{
    /// <summary>
    /// Keeps the samples that can still become the extreme, best first: each is looked at once however long the window is (the ascending minima
    /// algorithm, Harter 2001).
    /// </summary>
    public override bool TryEvaluateFloats(SeriesSamples samples, RangeContext context, Row output)
    {
        if (wantsTime || context.Frame.IsFixed) return false;
        var times = samples.FloatTimes;
        var values = samples.Floats;
        var candidates = context.IntScratch(values.Length + 1);
        int head = 0, tail = 0, from = 0, to = 0;
        long loaded = 0, end = context.Frame.EndAt(0), rangeMs = context.Frame.RangeMs, advance = context.Frame.Grid.StepMs;
        for (int step = 0; step < output.Steps; step++, end += advance)
        {
            for (; to < times.Length && times[to] <= end; to++)
            {
                double value = values[to];
                if (double.IsNaN(value)) continue;
                while (tail > head && (wantsGreater ? values[candidates[tail - 1]] < value : values[candidates[tail - 1]] > value)) tail--;
                candidates[tail++] = to;
            }
            while (from < to && times[from] <= end - rangeMs) from++;
            while (head < tail && candidates[head] < from) head++;
            loaded += to - from;
            output.Values[step] = head < tail ? values[candidates[head]] : from < to ? values[to - 1] : Cell.Absent;
        }
        context.CountLoaded(loaded);
        return true;
    }

    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (window.Floats.IsEmpty) return;
        if (!window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
        var values = window.Floats;
        double extreme = values[0];
        int at = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double value = values[i];
            bool better = wantsGreater ? value > extreme : value < extreme;
            if (!better && !double.IsNaN(extreme) && !(wantsTime && value == extreme)) continue;
            extreme = value;
            at = i;
        }
        output.SetFloat(window.Step, wantsTime ? window.FloatTimes[at] / 1000d : extreme);
    }
}

/// <summary>sum_over_time, Kahan-compensated.</summary>
sealed class SumOverTimeFunction : RangeFunction
{
    public override bool TryEvaluateFloats(SeriesSamples samples, RangeContext context, Row output)
    {
        WindowSums.Evaluate(samples, context, average: false, output.Values);
        return true;
    }

    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (HistogramsOverTime.IsMixed(window, context)) return;
        if (window.Floats.IsEmpty)
        {
            if (HistogramsOverTime.Combine(window, context, average: false) is { } total) output.SetHistogram(window.Step, total);
            return;
        }
        output.SetFloat(window.Step, Sum(window.Floats));
    }

    public static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0, compensation = 0;
        foreach (double value in values) KahanSum.Add(value, ref sum, ref compensation);
        return double.IsInfinity(sum) ? sum : sum + compensation;
    }
}

/// <summary>avg_over_time: sum by count; once the sum would overflow, a running mean.</summary>
sealed class AverageOverTimeFunction : RangeFunction
{
    public override bool TryEvaluateFloats(SeriesSamples samples, RangeContext context, Row output)
    {
        WindowSums.Evaluate(samples, context, average: true, output.Values);
        return true;
    }

    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (HistogramsOverTime.IsMixed(window, context)) return;
        if (window.Floats.IsEmpty)
        {
            if (HistogramsOverTime.Combine(window, context, average: true) is { } mean) output.SetHistogram(window.Step, mean);
            return;
        }
        output.SetFloat(window.Step, Average(window.Floats));
    }

    public static double Average(ReadOnlySpan<double> values)
    {
        double sum = values[0], compensation = 0;
        for (int i = 1; i < values.Length; i++)
        {
            double before = sum, compensationBefore = compensation;
            KahanSum.Add(values[i], ref sum, ref compensation);
            if (double.IsInfinity(sum)) return RunningMean(values[i..], before / i, compensationBefore / i, i);
        }
        return sum / values.Length + compensation / values.Length;
    }

    static double RunningMean(ReadOnlySpan<double> rest, double mean, double compensation, int count)
    {
        foreach (double value in rest)
        {
            count++;
            double share = (count - 1d) / count;
            mean *= share;
            compensation *= share;
            KahanSum.Add(value / count, ref mean, ref compensation);
        }
        return mean + compensation;
    }
}

/// <summary>Sums and averages of the histograms of a window.</summary>
static class HistogramsOverTime
{
    public static bool IsMixed(in Window window, RangeContext context)
    {
        if (window.Floats.IsEmpty || window.Histograms.IsEmpty) return false;
        context.WarnAboutMix();
        return true;
    }

    /// <returns>Null if exponential and custom buckets are mixed.</returns>
    public static FloatHistogram? Combine(in Window window, RangeContext context, bool average)
    {
        var histograms = window.Histograms;
        var sum = histograms[0].Copy();
        FloatHistogram? compensation = null;
        bool isMean = false, resetSeen = false, noResetSeen = false;
        int count = 0;
        foreach (var histogram in histograms)
        {
            count++;
            resetSeen |= histogram.CounterResetHint == CounterResetHint.CounterReset;
            noResetSeen |= histogram.CounterResetHint == CounterResetHint.NotCounterReset;
            if (count == 1) continue;
            var outcome = average
                ? AddToAverage(ref sum, ref compensation, histogram, count, ref isMean)
                : sum.KahanAdd(histogram, ref compensation);
            if (!outcome.Compatible)
            {
                context.WarnAboutMixedSchemas(context.RangeSpan);
                return null;
            }
            if (outcome.BoundsReconciled) context.InformAboutReconciledBounds("aggregation", context.RangeSpan);
        }
        if (resetSeen && noResetSeen) context.Warn("conflicting counter resets during histogram aggregation", context.RangeSpan);
        if (average && !isMean)
        {
            sum.Divide(count);
            compensation?.Divide(count);
        }
        if (compensation is not null) sum.Add(compensation);
        return sum;
    }

    static HistogramOperation AddToAverage(
        ref FloatHistogram sum, ref FloatHistogram? compensation, FloatHistogram added, int count, ref bool isMean)
    {
        if (!isMean)
        {
            var trial = sum.Copy();
            var trialCompensation = compensation?.Copy();
            var outcome = trial.KahanAdd(added, ref trialCompensation);
            if (!outcome.Compatible) return outcome;
            if (!trial.HasOverflow())
            {
                (sum, compensation) = (trial, trialCompensation);
                return outcome;
            }
            isMean = true;
            sum.Divide(count - 1);
            compensation?.Divide(count - 1);
        }
        double share = (count - 1d) / count;
        compensation?.Multiply(share);
        return sum.Multiply(share).KahanAdd(added.Copy().Divide(count), ref compensation);
    }
}

/// <summary>stddev_over_time and stdvar_over_time: Welford's method, Kahan-compensated.</summary>
sealed class VarianceOverTimeFunction(bool root) : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (window.Floats.IsEmpty) return;
        if (!window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
        double count = 0, mean = 0, meanError = 0, squares = 0, squaresError = 0;
        foreach (double value in window.Floats)
        {
            count++;
            double delta = value - (mean + meanError);
            KahanSum.Add(delta / count, ref mean, ref meanError);
            KahanSum.Add(delta * (value - (mean + meanError)), ref squares, ref squaresError);
        }
        double variance = (squares + squaresError) / count;
        output.SetFloat(window.Step, root ? Math.Sqrt(variance) : variance);
    }
}

/// <summary>quantile_over_time.</summary>
sealed class QuantileOverTimeFunction : RangeFunction
{
    public override int RangeArgument => 1;

    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (window.Floats.IsEmpty) return;
        double quantile = context.Scalar(0, window.Step);
        if (!(quantile is >= 0 and <= 1))
            context.Warn($"quantile value should be between 0 and 1, got {GoNumber.FormatGeneral(quantile)}", context.SpanOf(0));
        if (!window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
        var values = context.Scratch(window.Floats.Length);
        window.Floats.CopyTo(values);
        output.SetFloat(window.Step, Quantiles.Of(values, quantile));
    }
}

/// <summary>mad_over_time (experimental): the median of the distances from the median.</summary>
sealed class MedianDeviationFunction : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (window.Floats.IsEmpty) return;
        if (!window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
        var values = context.Scratch(window.Floats.Length);
        window.Floats.CopyTo(values);
        foreach (double value in values)
        {
            if (!double.IsNaN(value)) continue;
            output.SetFloat(window.Step, double.NaN);
            return;
        }
        double median = Quantiles.Of(values, 0.5);
        foreach (ref double value in values) value = Math.Abs(value - median);
        output.SetFloat(window.Step, Quantiles.Of(values, 0.5));
    }
}
