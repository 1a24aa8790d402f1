using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>Tells which alerts are muted because of others. Safe for concurrent use.</summary>
sealed class Inhibitor(IReadOnlyList<InhibitRuleConfig> rules)
{
    readonly InhibitRule[] _rules = [.. rules.Select(static rule => new InhibitRule(rule))];

    public void Add(ActiveAlert alert)
    {
        foreach (var rule in _rules) rule.Add(alert);
    }

    public void Remove(ActiveAlert alert)
    {
        foreach (var rule in _rules) rule.Remove(alert);
    }

    /// <summary>The alert that mutes one with these labels, or null.</summary>
    public ActiveAlert? SourceMuting(Labels labels, DateTimeOffset now)
    {
        foreach (var rule in _rules)
            if (rule.SourceMuting(labels, now) is { } source) return source;
        return null;
    }
}
