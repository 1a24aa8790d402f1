using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// Aggregates the samples of one series over windows (start, end], each stamped with its end, so that a look-back of one window from any time
/// finds exactly one. A window whose last sample is a staleness marker has that marker as its last value; markers are left out of the other
/// aggregates. Counters keep the samples around a reset beside the last ones, so that an increase over many windows loses nothing.
/// </summary>
sealed class RollupWindows(long resolutionMs)
{
    readonly SampleColumns[] _columns = [.. Enum.GetValues<Rollup>().Select(_ => new SampleColumns())];

    public SampleColumns this[Rollup aggregate] => _columns[(int)aggregate];

    /// <param name="samples">Ascending.</param>
    /// <param name="isCounter">Falling values are resets.</param>
    public void Aggregate(SampleColumns samples, bool isCounter)
    {
        foreach (var column in _columns) column.Clear();
        int start = 0;
        while (start < samples.Count)
        {
            long end = EndOf(samples.Timestamps[start]);
            int next = start + 1;
            while (next < samples.Count && samples.Timestamps[next] <= end) next++;
            AddWindow(samples, start, next, end, isCounter);
            start = next;
        }
    }

    /// <summary>The end of the window that holds a time.</summary>
    public long EndOf(long timestampMs)
    {
        long into = timestampMs % resolutionMs;
        return into == 0 ? timestampMs : timestampMs - into + (into > 0 ? resolutionMs : 0);
    }

    void AddWindow(SampleColumns samples, int start, int next, long endMs, bool isCounter)
    {
        var last = this[Rollup.Last];
        if (samples.HasHistograms && samples.Histograms[next - 1] is { } histogram)
        {
            last.Add(endMs, histogram);
            return;
        }
        if (isCounter) AddResets(samples, start, next, endMs);
        last.Add(endMs, samples.Values[next - 1]);
        double min = double.NaN, max = double.NaN, sum = 0, lost = 0;
        long count = 0;
        for (int i = start; i < next; i++)
        {
            double value = samples.Values[i];
            if (StaleMarker.IsStale(value) || (samples.HasHistograms && samples.Histograms[i] is not null)) continue;
            if (count++ == 0 || value < min || double.IsNaN(min)) min = value;
            if (count == 1 || value > max || double.IsNaN(max)) max = value;
            AddCompensated(value, ref sum, ref lost);
        }
        if (count == 0) return;
        this[Rollup.Min].Add(endMs, min);
        this[Rollup.Max].Add(endMs, max);
        this[Rollup.Sum].Add(endMs, double.IsFinite(sum) ? sum + lost : sum);
        this[Rollup.Count].Add(endMs, count);
    }

    /// <summary>The samples before and after each reset, at their own times; the window's last sample follows at its end.</summary>
    void AddResets(SampleColumns samples, int start, int next, long endMs)
    {
        var last = this[Rollup.Last];
        for (int i = Math.Max(start, 1); i < next; i++)
        {
            if (!(samples.Values[i] < samples.Values[i - 1])) continue;
            if (i > start) AddOnce(last, samples.Timestamps[i - 1], samples.Values[i - 1], endMs);
            if (i < next - 1) AddOnce(last, samples.Timestamps[i], samples.Values[i], endMs);
        }
    }

    static void AddOnce(SampleColumns column, long timestampMs, double value, long beforeMs)
    {
        if (timestampMs < beforeMs && (column.Count == 0 || column.Timestamps[^1] < timestampMs)) column.Add(timestampMs, value);
    }

    /// <summary>Kahan's summation in Neumaier's form (1974), as the query engine sums.</summary>
    static void AddCompensated(double value, ref double sum, ref double lost)
    {
        double total = sum + value;
        lost += Math.Abs(sum) >= Math.Abs(value) ? sum - total + value : value - total + sum;
        sum = total;
    }
}
