using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>changes and resets: how often a sample differs from the one before, or is less than it.</summary>
sealed class ChangesFunction(bool onlyResets) : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        int f = 0, h = 0;
        if (context.Frame.Edges == RangeEdges.Anchored && !TryAnchor(window, ref f, ref h)) return;
        int count = 0;
        bool first = true, previousIsFloat = false;
        double previousValue = 0;
        FloatHistogram? previous = null;
        while (f < window.Floats.Length || h < window.Histograms.Length)
        {
            bool isFloat = h >= window.Histograms.Length
                || (f < window.Floats.Length && window.FloatTimes[f] < window.HistogramTimes[h]);
            if (!first)
            {
                bool counts = isFloat != previousIsFloat || (isFloat
                    ? Counts(previousValue, window.Floats[f], window, f)
                    : onlyResets
                        ? IsReset(window, h, previous!)
                        : !window.Histograms[h].SameAs(previous!));
                if (counts) count++;
            }
            first = false;
            previousIsFloat = isFloat;
            if (isFloat) previousValue = window.Floats[f++];
            else previous = window.Histograms[h++];
        }
        output.SetFloat(window.Step, count);
    }

    bool Counts(double previous, double value, in Window window, int at)
    {
        if (!onlyResets) return value != previous && !(double.IsNaN(value) && double.IsNaN(previous));
        return value < previous || (at > 0 && CounterResets.ByStart(window.FloatStarts, window.FloatTimes, at));
    }

    static bool IsReset(in Window window, int at, FloatHistogram previous) =>
        (at > 0 && CounterResets.ByStart(window.HistogramStarts, window.HistogramTimes, at)) || window.Histograms[at].IsResetAfter(previous);

    /// <summary>Skips everything before the last sample at or before the start.</summary>
    /// <returns>False if the window itself is empty.</returns>
    static bool TryAnchor(in Window window, ref int f, ref int h)
    {
        bool any = (window.FloatTimes.Length > 0 && window.FloatTimes[^1] > window.StartMs)
            || (window.HistogramTimes.Length > 0 && window.HistogramTimes[^1] > window.StartMs);
        if (!any) return false;
        int floatsBefore = 0, histogramsBefore = 0;
        while (floatsBefore < window.FloatTimes.Length && window.FloatTimes[floatsBefore] <= window.StartMs) floatsBefore++;
        while (histogramsBefore < window.HistogramTimes.Length && window.HistogramTimes[histogramsBefore] <= window.StartMs) histogramsBefore++;
        f = floatsBefore;
        h = histogramsBefore;
        long lastFloat = f > 0 ? window.FloatTimes[f - 1] : long.MinValue, lastHistogram = h > 0 ? window.HistogramTimes[h - 1] : long.MinValue;
        if (f > 0 && lastFloat > lastHistogram) f--;
        else if (h > 0) h--;
        return true;
    }
}
