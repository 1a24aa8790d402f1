using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// Answers, for the time before a series' first stored sample, from its aggregates, the finest that are left. Where there are samples they are
/// the answer, so that downsampling never changes what they say.
/// </summary>
/// <remarks>
/// What a query needs follows from the function around the selector (<see cref="SelectHints.Function"/>): minima, maxima and sums are the values
/// of their windows; for <c>count_over_time</c> and <c>avg_over_time</c> a window gives as many samples as it had, each its mean; all others get
/// the last values. An instant selector finds the last value for as long as the next window takes, so that no look-back is too short for it.
/// </remarks>
sealed class RollupReader(RollupView[] tiers, in SelectHints hints)
{
    /// <summary>How often the last value of a window is repeated for instant selectors.</summary>
    const long RepeatMs = 60_000;

    enum Use
    {
        /// <summary>As they are.</summary>
        Windows,
        /// <summary>Repeated until the next window ends.</summary>
        Held,
        /// <summary>As many as there were samples.</summary>
        Spread,
    }

    readonly Use _use = hints.RangeMs == 0 ? Use.Held : hints.Function is "count_over_time" or "avg_over_time" ? Use.Spread : Use.Windows;

    readonly SampleColumns _counts = new();
    readonly SampleColumns _windows = new();

    public Rollup Aggregate { get; } = hints.RangeMs == 0 ? Rollup.Last : hints.Function switch
    {
        "min_over_time" => Rollup.Min,
        "max_over_time" => Rollup.Max,
        "sum_over_time" or "count_over_time" or "avg_over_time" => Rollup.Sum,
        _ => Rollup.Last,
    };

    /// <summary>Appends what the aggregates know of the time before <paramref name="firstSampleMs"/>; the caller sorts.</summary>
    /// <param name="firstSampleMs">Of the series in the store; <see cref="long.MaxValue"/> if it has none left.</param>
    public void Read(Labels labels, TimeRange range, long firstSampleMs, SampleColumns output)
    {
        long end = Math.Min(range.EndMs, firstSampleMs == long.MaxValue ? long.MaxValue : firstSampleMs - 1);
        foreach (var tier in tiers)
        {
            if (end < range.StartMs) return;
            Append(tier, labels, new TimeRange(range.StartMs, end), output);
            long first = tier.FirstOf(labels);
            if (first != long.MaxValue) end = Math.Min(end, first - tier.ResolutionMs);
        }
    }

    void Append(RollupView tier, Labels labels, TimeRange range, SampleColumns output)
    {
        if (_use == Use.Windows)
        {
            tier.Read(Aggregate, labels, range, output);
            return;
        }
        _windows.Clear();
        long reach = tier.ResolutionMs;
        var wider = new TimeRange(
            range.StartMs < long.MinValue + reach ? long.MinValue : range.StartMs - reach,
            range.EndMs > long.MaxValue - reach ? long.MaxValue : range.EndMs + reach);
        tier.Read(Aggregate, labels, wider, _windows);
        if (_use == Use.Held) Hold(tier.ResolutionMs, range, output);
        else Spread(tier, labels, wider, range, output);
    }

    void Hold(long resolutionMs, TimeRange range, SampleColumns output)
    {
        var histograms = _windows.Histograms;
        for (int i = 0; i < _windows.Count; i++)
        {
            long from = _windows.Timestamps[i];
            bool isFollowed = i + 1 < _windows.Count && _windows.Timestamps[i + 1] - from <= resolutionMs;
            long until = isFollowed && !StaleMarker.IsStale(_windows.Values[i]) ? _windows.Timestamps[i + 1] : from + 1;
            for (long time = from; time < until; time += RepeatMs)
            {
                if (!range.Contains(time)) continue;
                if (!histograms.IsEmpty && histograms[i] is { } histogram) output.Add(time, histogram);
                else output.Add(time, _windows.Values[i]);
            }
        }
    }

    void Spread(RollupView tier, Labels labels, TimeRange wider, TimeRange range, SampleColumns output)
    {
        _counts.Clear();
        tier.Read(Rollup.Count, labels, wider, _counts);
        int at = 0;
        for (int i = 0; i < _windows.Count; i++)
        {
            long end = _windows.Timestamps[i];
            while (at < _counts.Count && _counts.Timestamps[at] < end) at++;
            if (at == _counts.Count || _counts.Timestamps[at] != end) continue;
            long count = Math.Clamp((long)_counts.Values[at], 1, tier.ResolutionMs);
            double mean = _windows.Values[i] / count;
            for (long n = 1; n <= count; n++)
            {
                long time = end - tier.ResolutionMs + (tier.ResolutionMs * n / count);
                if (range.Contains(time)) output.Add(time, mean);
            }
        }
    }
}
