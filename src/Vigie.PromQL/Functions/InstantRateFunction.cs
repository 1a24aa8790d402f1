using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>irate and idelta: the last two samples of the window (Prometheus, promql/functions.go, instantValue).</summary>
sealed class InstantRateFunction(bool isCounter) : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (window.Count < 2) return;
        bool lastIsFloat = window.LastIsFloat;
        int floats = window.Floats.Length, histograms = window.Histograms.Length;
        bool previousIsFloat = lastIsFloat
            ? floats >= 2 && (histograms == 0 || window.FloatTimes[^2] > window.HistogramTimes[^1])
            : !(histograms >= 2 && (floats == 0 || window.HistogramTimes[^2] > window.FloatTimes[^1]));
        if (lastIsFloat != previousIsFloat) context.WarnAboutMix();
        else if (lastIsFloat) EvaluateFloats(window, output);
        else EvaluateHistograms(window, context, output);
    }

    public override bool TryEvaluateFloats(SeriesSamples samples, RangeContext context, Row output)
    {
        if (!samples.FloatStarts.IsEmpty) return false;
        var times = samples.FloatTimes;
        var values = samples.Floats;
        var cells = output.Values;
        var windows = context.FindWindows(times, cells.Length);
        var starts = windows.From;
        var ends = windows.To;
        long loaded = 0;
        for (int step = 0; step < cells.Length; step++)
        {
            int to = ends[step];
            if (to - starts[step] < 2)
            {
                cells[step] = Cell.Absent;
                continue;
            }
            loaded += 2;
            double last = values[to - 1], previous = values[to - 2];
            double result = isCounter && last < previous ? last : last - previous;
            cells[step] = isCounter ? result / ((times[to - 1] - times[to - 2]) / 1000d) : result;
        }
        context.CountLoaded(loaded);
        return true;
    }

    void EvaluateFloats(in Window window, Row output)
    {
        var values = window.Floats;
        long interval = window.FloatTimes[^1] - window.FloatTimes[^2];
        if (interval == 0) return;
        double result = values[^1];
        bool reset = isCounter && (result < values[^2] || CounterResets.ByStart(window.FloatStarts, window.FloatTimes, values.Length - 1));
        if (!reset) result -= values[^2];
        if (isCounter) result /= interval / 1000d;
        output.SetFloat(window.Step, result);
    }

    void EvaluateHistograms(in Window window, RangeContext context, Row output)
    {
        var last = window.Histograms[^1];
        var previous = window.Histograms[^2];
        long interval = window.HistogramTimes[^1] - window.HistogramTimes[^2];
        if (interval == 0) return;
        bool gauges = last.CounterResetHint == CounterResetHint.Gauge && previous.CounterResetHint == CounterResetHint.Gauge;
        bool anyGauge = last.CounterResetHint == CounterResetHint.Gauge || previous.CounterResetHint == CounterResetHint.Gauge;
        if (isCounter && anyGauge) context.WarnAboutNotCounter(context.AllArguments);
        if (!isCounter && !gauges) context.WarnAboutNotGauge(context.AllArguments);

        var result = last.Copy();
        bool reset = isCounter
            && (CounterResets.ByStart(window.HistogramStarts, window.HistogramTimes, window.Histograms.Length - 1) || last.IsResetAfter(previous));
        if (!reset)
        {
            var outcome = result.Subtract(previous);
            if (!outcome.Compatible)
            {
                context.WarnAboutMixedSchemas(context.AllArguments);
                return;
            }
            if (outcome.BoundsReconciled) context.InformAboutReconciledBounds("subtraction", context.AllArguments);
        }
        result.CounterResetHint = CounterResetHint.Gauge;
        result.Compact();
        output.SetHistogram(window.Step, isCounter ? result.Divide(interval / 1000d) : result);
    }
}
