using Vigie.Model;

namespace Vigie.Rules;

/// <summary>
/// After a restart, gives pending alerts back the time they had already waited, from the series ALERTS_FOR_STATE that the rule wrote before
/// (Prometheus, rules/group.go, RestoreForState).
/// </summary>
static class AlertRestoration
{
    public static void Restore(AlertingRule rule, RuleQuery query, long nowMs, RuleServiceOptions options, CancellationToken cancellation)
    {
        long graceMs = (long)options.GracePeriod.TotalMilliseconds;
        // A rule that waits no longer than the grace period is quicker without.
        if (rule.ForMs >= graceMs)
        {
            LabelMatcher[] matchers =
            [
                new(MatchType.Equal, LabelNames.MetricName, AlertingRule.ForStateMetric),
                new(MatchType.Equal, LabelNames.AlertName, rule.Name),
            ];
            var range = new TimeRange(nowMs - (long)options.OutageTolerance.TotalMilliseconds, nowMs);
            using var series = query.Select(matchers, range, cancellation);
            var states = ReadLast(series);
            rule.ForEachActive(alert =>
            {
                if (states.TryGetValue(alert.Labels, out var state))
                    alert.ActiveAtMs = Restored(state.DownAtMs, state.ActiveAtMs, rule.ForMs, graceMs, nowMs);
            });
        }
        rule.Restored = true;
    }

    /// <summary>By alert: when its state was last written, and since when it had been active then.</summary>
    static Dictionary<Labels, (long DownAtMs, long ActiveAtMs)> ReadLast(ISeriesSet series)
    {
        var states = new Dictionary<Labels, (long, long)>();
        var samples = new SampleColumns();
        for (int i = 0; i < series.Count; i++)
        {
            samples.Clear();
            series.Read(i, samples);
            if (samples.Count == 0) continue;
            double value = samples.Values[^1];
            // A staleness marker: the alert had ended before the server did.
            if (double.IsNaN(value)) continue;
            states[series.LabelsOf(i).WithoutMetricName()] = (samples.Timestamps[^1] / 1000 * 1000, (long)value * 1000);
        }
        return states;
    }

    static long Restored(long downAtMs, long activeAtMs, long forMs, long graceMs, long nowMs)
    {
        long remainingMs = forMs - (downAtMs - activeAtMs);
        if (remainingMs <= 0) return activeAtMs;                            // fired before; fires again at the next evaluation
        if (remainingMs < graceMs) return nowMs + graceMs - forMs;          // must wait the grace period
        return activeAtMs + (nowMs - downAtMs);                             // the outage does not count
    }
}
