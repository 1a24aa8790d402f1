namespace Vigie.Configuration.Rules;

/// <summary>A rule file (Prometheus, docs/configuration/recording_rules.md and alerting_rules.md).</summary>
public sealed record RuleFile(string Path, IReadOnlyList<RuleGroup> Groups);

/// <summary>Rules that are evaluated in order, together, on one interval.</summary>
public sealed record RuleGroup
{
    public required string Name { get; init; }
    public SourcePosition Position { get; init; }

    /// <summary>Null: the global evaluation interval.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>Null: the global rule_query_offset.</summary>
    public TimeSpan? QueryOffset { get; init; }

    /// <summary>Most alerts or series one rule may give; 0 for no bound.</summary>
    public int Limit { get; init; }

    /// <summary>Added to the labels of every rule that does not set them itself.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<Rule> Rules { get; init; } = [];
}

/// <summary>A recording rule or an alerting rule: exactly one of <see cref="Record"/> and <see cref="Alert"/> is set.</summary>
public sealed record Rule
{
    public SourcePosition Position { get; init; }

    /// <summary>Name of the series the result is stored under; null for an alerting rule.</summary>
    public string? Record { get; init; }

    /// <summary>Name of the alert; null for a recording rule.</summary>
    public string? Alert { get; init; }

    public string Name => Alert ?? Record ?? "";
    public bool IsAlerting => Alert is not null;
    public required string Expression { get; init; }

    /// <summary>Where the expression begins in the file.</summary>
    public SourcePosition ExpressionPosition { get; init; }

    /// <summary>How long the condition must hold before the alert fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long the alert goes on firing after the condition has ended.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>
    /// Labels to set, those of the group included; for an alert the values are templates. An empty value removes the label.
    /// </summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Templates; alerting rules only.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();
}
