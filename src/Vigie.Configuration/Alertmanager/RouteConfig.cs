using Vigie.Model;

namespace Vigie.Configuration.Alertmanager;

/// <summary>A node of the routing tree. Null means: as the parent.</summary>
public sealed record RouteConfig
{
    public SourcePosition Position { get; init; }

    /// <summary>Null below the root: that of the parent.</summary>
    public string? Receiver { get; init; }

    /// <summary>Labels to group by; null: as the parent. Empty when <see cref="GroupByAll"/>.</summary>
    public IReadOnlyList<string>? GroupBy { get; init; }

    /// <summary><c>group_by: ['...']</c>: every distinct label set is a group of its own.</summary>
    public bool GroupByAll { get; init; }

    /// <summary>All must match: those of <c>match</c>, <c>match_re</c> and <c>matchers</c> together, sorted as Alertmanager does.</summary>
    public IReadOnlyList<LabelMatcher> Matchers { get; init; } = [];

    /// <summary>Whether the siblings after this route are tried as well when it matches.</summary>
    public bool Continue { get; init; }

    public IReadOnlyList<RouteConfig> Routes { get; init; } = [];

    /// <summary>Default at the root 30 s.</summary>
    public TimeSpan? GroupWait { get; init; }

    /// <summary>Default at the root 5 m.</summary>
    public TimeSpan? GroupInterval { get; init; }

    /// <summary>Default at the root 4 h.</summary>
    public TimeSpan? RepeatInterval { get; init; }

    /// <summary>Names of time intervals during which the route is mute. Not inherited.</summary>
    public IReadOnlyList<string> MuteTimeIntervals { get; init; } = [];

    /// <summary>Names of time intervals outside of which the route is mute; empty: always active. Not inherited.</summary>
    public IReadOnlyList<string> ActiveTimeIntervals { get; init; } = [];

    /// <summary>Labels given to templates as RouteLabels; values are templates.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

/// <summary>While an alert matches <see cref="SourceMatchers"/>, those that match <see cref="TargetMatchers"/> are muted.</summary>
public sealed record InhibitRuleConfig
{
    public SourcePosition Position { get; init; }
    public string Name { get; init; } = "";
    public IReadOnlyList<LabelMatcher> SourceMatchers { get; init; } = [];
    public IReadOnlyList<LabelMatcher> TargetMatchers { get; init; } = [];

    /// <summary>Labels that must have the same value in both; absent in both counts as the same.</summary>
    public IReadOnlyList<string> Equal { get; init; } = [];
}
