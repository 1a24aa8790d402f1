using Vigie.Model;

namespace Vigie.Rules;

/// <summary>What the configuration says about all rules.</summary>
public sealed record RuleSettings
{
    /// <summary>Interval of groups that set none (<c>evaluation_interval</c>).</summary>
    public TimeSpan EvaluationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far in the past groups that do not say so are evaluated (<c>rule_query_offset</c>).</summary>
    public TimeSpan QueryOffset { get; init; }

    /// <summary>Added to every alert that leaves, where it has no such label.</summary>
    public Labels ExternalLabels { get; init; } = Labels.Empty;

    /// <summary>Where users reach the server, without a slash at the end.</summary>
    public string ExternalUrl { get; init; } = "";

    /// <summary>Applied to the labels of every alert that leaves (<c>alert_relabel_configs</c>).</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelling { get; init; } = [];
}
