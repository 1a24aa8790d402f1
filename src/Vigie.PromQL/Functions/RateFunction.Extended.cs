using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Anchored and smoothed windows (experimental): values at the very edges instead of extrapolation.</summary>
sealed partial class RateFunction
{
    void EvaluateExtended(in Window window, RangeContext context, Row output)
    {
        int first, last;
        bool smoothed = context.Frame.Edges == RangeEdges.Smoothed;
        if (!window.Histograms.IsEmpty && !window.Floats.IsEmpty)
        {
            context.WarnAboutMix();
            return;
        }
        if (!window.Floats.IsEmpty)
        {
            if (!TryFindEdges(window.FloatTimes, window, smoothed, out first, out last)) return;
            EvaluateExtendedFloats(window, context, output, first, last, smoothed);
        }
        else if (TryFindEdges(window.HistogramTimes, window, smoothed, out first, out last))
            EvaluateExtendedHistograms(window, context, output, first, last, smoothed);
    }

    /// <summary>The sample at or before the start, or the first one; and the one at or after the end (smoothed), or the last one.</summary>
    static bool TryFindEdges(ReadOnlySpan<long> times, in Window window, bool smoothed, out int first, out int last)
    {
        last = times.Length - 1;
        first = 0;
        while (first < last && times[first + 1] <= window.StartMs) first++;
        if (smoothed)
            for (last = 0; last < times.Length - 1 && times[last] < window.EndMs;) last++;
        return times[last] > window.StartMs && (!smoothed || times[first] <= window.EndMs);
    }

    void EvaluateExtendedFloats(in Window window, RangeContext context, Row output, int first, int last, bool smoothed)
    {
        var times = window.FloatTimes;
        var values = window.Floats;
        double left = smoothed && times[first] < window.StartMs
            ? Interpolation.At(times[first], values[first], times[first + 1], values[first + 1], window.StartMs, isCounter)
            : values[first];
        double right = smoothed && last > 0 && times[last] > window.EndMs
            ? Interpolation.At(times[last - 1], values[last - 1], times[last], values[last], window.EndMs, isCounter)
            : values[last];
        double result = right - left;
        if (isCounter)
        {
            // The values at the edges already account for resets there.
            int from = times[first] <= window.StartMs ? first + 1 : first;
            int to = times[last] >= window.EndMs ? last - 1 : last;
            double previous = left;
            if (smoothed && times[first] < window.StartMs && values[first + 1] < values[first] && from <= to)
            {
                previous = values[from];
                from++;
            }
            for (int i = from; i <= to; i++)
            {
                if (values[i] < previous) result += previous;
                previous = values[i];
            }
            if (right < previous) result += previous;
        }
        if (perSecond) result /= context.Frame.RangeMs / 1000d;
        output.SetFloat(window.Step, result);
    }

    void EvaluateExtendedHistograms(in Window window, RangeContext context, Row output, int first, int last, bool smoothed)
    {
        var times = window.HistogramTimes;
        var histograms = window.Histograms[first..(last + 1)];
        times = times[first..(last + 1)];
        foreach (var histogram in histograms)
        {
            if (histogram.UsesCustomBuckets == histograms[0].UsesCustomBuckets) continue;
            context.WarnAboutMixedSchemas(context.RangeSpan);
            return;
        }
        WarnAboutTypes(histograms, context);
        if (!isCounter && (histograms[0].CounterResetHint != CounterResetHint.Gauge || histograms[^1].CounterResetHint != CounterResetHint.Gauge))
            context.WarnAboutNotGauge(context.RangeSpan);

        bool leftBetween = smoothed && times[0] < window.StartMs && histograms.Length > 1;
        bool rightBetween = smoothed && times[^1] > window.EndMs && histograms.Length > 1;
        var left = leftBetween
            ? Interpolation.At(times[0], histograms[0], times[1], histograms[1], window.StartMs, isCounter)
            : histograms[0];
        var right = rightBetween
            ? Interpolation.At(times[^2], histograms[^2], times[^1], histograms[^1], window.EndMs, isCounter)
            : histograms[^1];
        var result = right.Copy();
        result.Subtract(left);
        if (isCounter) AddResets(result, histograms, leftBetween);
        if (perSecond) result.Divide(context.Frame.RangeMs / 1000d);
        result.CounterResetHint = CounterResetHint.Gauge;
        output.SetHistogram(window.Step, result.Compact());
    }

    /// <summary>
    /// Adds what was counted before each reset between the edges. An interpolated edge already leaves out what was before a reset next to it.
    /// </summary>
    static void AddResets(FloatHistogram result, ReadOnlySpan<FloatHistogram> histograms, bool leftBetween)
    {
        for (int i = 1; i < histograms.Length; i++)
        {
            if (i == 1 && leftBetween && histograms[1].IsResetAfter(histograms[0])) continue;
            if (histograms[i].IsResetAfter(histograms[i - 1])) result.Add(histograms[i - 1]);
        }
    }
}
