using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// One inhibition rule and the alerts that are its sources, found by the labels that must be equal. Safe for concurrent use.
/// </summary>
sealed class InhibitRule(InhibitRuleConfig config)
{
    readonly Lock _lock = new();
    readonly Dictionary<Labels, Dictionary<Labels, ActiveAlert>> _sourcesByEqual = [];

    public void Add(ActiveAlert alert)
    {
        if (!Matches(config.SourceMatchers, alert.Labels)) return;
        var key = alert.Labels.Keep(config.Equal);
        lock (_lock)
        {
            if (!_sourcesByEqual.TryGetValue(key, out var sources)) _sourcesByEqual[key] = sources = [];
            sources[alert.Labels] = alert;
        }
    }

    public void Remove(ActiveAlert alert)
    {
        var key = alert.Labels.Keep(config.Equal);
        lock (_lock)
        {
            if (_sourcesByEqual.TryGetValue(key, out var sources) && sources.Remove(alert.Labels) && sources.Count == 0)
                _sourcesByEqual.Remove(key);
        }
    }

    /// <summary>
    /// The source that mutes an alert at a moment. A label missing on both sides counts as equal. An alert that matches both sides is not
    /// muted by one that matches both sides too, so that alerts cannot mute each other.
    /// </summary>
    public ActiveAlert? SourceMuting(Labels labels, DateTimeOffset now)
    {
        if (!Matches(config.TargetMatchers, labels)) return null;
        bool isSource = Matches(config.SourceMatchers, labels);
        lock (_lock)
        {
            if (!_sourcesByEqual.TryGetValue(labels.Keep(config.Equal), out var sources)) return null;
            ActiveAlert? first = null;
            foreach (var source in sources.Values)
            {
                if (source.IsResolvedAt(now) || (isSource && Matches(config.TargetMatchers, source.Labels))) continue;
                if (first is null || source.Labels.CompareTo(first.Labels) < 0) first = source;
            }
            return first;
        }
    }

    static bool Matches(IReadOnlyList<LabelMatcher> matchers, Labels labels)
    {
        foreach (var matcher in matchers)
            if (!matcher.Matches(labels)) return false;
        return true;
    }
}
