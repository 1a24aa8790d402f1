using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>A node of the routing tree with everything inherited filled in. Immutable.</summary>
sealed class Route
{
    static readonly RouteOptions s_defaults =
        new("", [], false, TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), [], [], Labels.Empty);

    readonly IReadOnlyList<LabelMatcher> _matchers;
    readonly bool _continues;

    Route(RouteConfig config, Route? parent, int index)
    {
        var inherited = parent?.Options ?? s_defaults;
        _matchers = config.Matchers;
        _continues = config.Continue;
        Options = new RouteOptions(
            config.Receiver ?? inherited.Receiver,
            // '...' keeps the inherited list beside it, as upstream shows.
            config is { GroupByAll: false, GroupBy: { } labels } ? [.. labels.Order(Comparer<string>.Create(Labels.CompareText))] : inherited.GroupBy,
            config.GroupByAll || (config.GroupBy is null && inherited.GroupByAll),
            config.GroupWait ?? inherited.GroupWait,
            config.GroupInterval ?? inherited.GroupInterval,
            config.RepeatInterval ?? inherited.RepeatInterval,
            config.MuteTimeIntervals,
            config.ActiveTimeIntervals,
            Merge(inherited.Labels, config.Labels));
        string matchers = "{" + string.Join(',', _matchers.Select(AlertMatchers.Format)) + "}";
        Key = parent is null ? matchers : parent.Key + "/" + matchers;
        Id = parent is null ? matchers : $"{parent.Id}/{matchers}/{index}";
        Children = [.. config.Routes.Select((child, i) => new Route(child, this, i))];
    }

    /// <summary>The tree of a configuration.</summary>
    public static Route Build(RouteConfig root) => new(root, null, 0);

    public RouteOptions Options { get; }
    public IReadOnlyList<Route> Children { get; }

    /// <summary>The matchers on the way from the root; part of group keys, so it stays the same when routes are reordered.</summary>
    public string Key { get; }

    /// <summary>Like <see cref="Key"/> with positions: no two routes share it.</summary>
    public string Id { get; }

    /// <summary>The routes an alert takes: the deepest that match, in order, siblings as long as <c>continue</c> says so.</summary>
    public IReadOnlyList<Route> Match(Labels labels)
    {
        var matches = new List<Route>();
        Match(labels, matches);
        return matches;
    }

    bool Match(Labels labels, List<Route> matches)
    {
        foreach (var matcher in _matchers)
            if (!matcher.Matches(labels)) return false;
        int before = matches.Count;
        foreach (var child in Children)
            if (child.Match(labels, matches) && !child._continues) break;
        if (matches.Count == before) matches.Add(this);
        return true;
    }

    /// <summary>This route and all below it.</summary>
    public IEnumerable<Route> Walk() => Children.SelectMany(static child => child.Walk()).Prepend(this);

    /// <summary>The labels that name the group of an alert.</summary>
    public Labels GroupLabelsOf(Labels labels) => Options.GroupByAll ? labels : labels.Keep(Options.GroupBy);

    static Labels Merge(Labels inherited, IReadOnlyDictionary<string, string> own)
    {
        if (own.Count == 0) return inherited;
        var labels = new LabelsBuilder(inherited);
        foreach (var (name, value) in own) labels.Set(name, value);
        return labels.Build();
    }
}

/// <summary>What a route says about its groups.</summary>
/// <param name="GroupBy">Sorted.</param>
/// <param name="MuteTimeIntervals">Names; not inherited.</param>
/// <param name="ActiveTimeIntervals">Names; not inherited.</param>
/// <param name="Labels">Templates see them as RouteLabels.</param>
sealed record RouteOptions(
    string Receiver, IReadOnlyList<string> GroupBy, bool GroupByAll, TimeSpan GroupWait, TimeSpan GroupInterval, TimeSpan RepeatInterval,
    IReadOnlyList<string> MuteTimeIntervals, IReadOnlyList<string> ActiveTimeIntervals, Labels Labels);
