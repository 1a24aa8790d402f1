using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>An instant selector with <c>smoothed</c> (experimental): values between two samples are interpolated.</summary>
sealed class SmoothedSelectorRows(Evaluator evaluator, ISeriesSet set, WindowFrame frame, VectorSelector selector) : VectorRows
{
    readonly bool _namesMatter = LabelRules.NamesMatter(selector, set);

    public override int Count => set.Count;
    public override Labels LabelsAt(int row) => set.LabelsOf(row);
    public override bool NamesMatter => _namesMatter;

    public override void Fill(int row, Row target, Worker worker)
    {
        target.Clear();
        var samples = worker.RentSamples();
        samples.Load(set, row, withStarts: false);
        long lookback = evaluator.Plan.LookbackMs;
        for (int step = 0; step < target.Steps; step++)
        {
            long time = frame.EndAt(step);
            bool anyFloat = HasBetween(samples.FloatTimes, time - lookback, time + lookback);
            bool anyHistogram = samples.HasHistograms && HasBetween(samples.HistogramTimes, time - lookback, time + lookback);
            if (anyFloat && anyHistogram)
                evaluator.Annotations.Warn(
                    $"encountered a mix of histograms and floats for metric name {GoText.Quote(LabelsAt(row).MetricName)}", selector.Span);
            else if (anyFloat) PutFloat(samples, time, lookback, target, step);
            else if (anyHistogram) PutHistogram(samples, time, lookback, target, step, row);
        }
        worker.Return(samples);
    }

    static bool HasBetween(ReadOnlySpan<long> times, long after, long until)
    {
        int at = FirstAfter(times, after);
        return at < times.Length && times[at] <= until;
    }

    static int FirstAfter(ReadOnlySpan<long> times, long time)
    {
        int at = times.BinarySearch(time);
        return at >= 0 ? at + 1 : ~at;
    }

    /// <summary>The sample at or before the time, and the one after it, as far as they lie within the lookback; −1 if not.</summary>
    static (int Before, int After) Neighbours(ReadOnlySpan<long> times, long time, long lookback)
    {
        int after = FirstAfter(times, time), before = after - 1;
        if (before >= 0 && times[before] <= time - lookback) before = -1;
        if (after >= times.Length || times[after] > time + lookback) after = -1;
        return (before, after);
    }

    static void PutFloat(SeriesSamples samples, long time, long lookback, Row target, int step)
    {
        var times = samples.FloatTimes;
        var (before, after) = Neighbours(times, time, lookback);
        if (before < 0) return;
        double value = samples.Floats[before];
        target.Values[step] = after < 0 || times[before] == time
            ? value
            : Interpolation.At(times[before], value, times[after], samples.Floats[after], time, isCounter: false);
    }

    void PutHistogram(SeriesSamples samples, long time, long lookback, Row target, int step, int row)
    {
        var times = samples.HistogramTimes;
        var (before, after) = Neighbours(times, time, lookback);
        if (before < 0) return;
        var first = samples.Histograms[before];
        if (after < 0 || times[before] == time)
        {
            target.Histograms[step] = first;
            return;
        }
        var second = samples.Histograms[after];
        if (first.UsesCustomBuckets != second.UsesCustomBuckets)
        {
            evaluator.Annotations.Warn("vector contains a mix of histograms with exponential and custom buckets schemas for metric name "
                + GoText.Quote(LabelsAt(row).MetricName), selector.Span);
            return;
        }
        bool isCounter = first.CounterResetHint != CounterResetHint.Gauge;
        target.Histograms[step] = Interpolation.At(times[before], first, times[after], second, time, isCounter);
    }
}
