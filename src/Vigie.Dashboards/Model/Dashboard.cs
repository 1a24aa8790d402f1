using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Vigie.Dashboards;

/// <summary>
/// A dashboard in the one shape that the UI draws, whatever the age of the file. Property names are those of Grafana's current dashboard
/// JSON, so that clients of its API can read it too; members that this model does not name are kept as they were written.
/// </summary>
public sealed record Dashboard
{
    /// <summary>Unique among all dashboards; from the file, or derived from its name and title so that links stay valid.</summary>
    public required string Uid { get; init; }
    public required string Title { get; init; }
    public string? Description { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary><c>browser</c>, <c>utc</c> or an IANA name.</summary>
    public string Timezone { get; init; } = "browser";

    /// <summary>A duration such as <c>30s</c>; null if the dashboard does not refresh by itself.</summary>
    public string? Refresh { get; init; }
    public DashboardTime Time { get; init; } = new("now-1h", "now");

    /// <summary>0: a cursor per panel, 1: shared crosshair, 2: shared tooltip.</summary>
    public int GraphTooltip { get; init; }
    public DashboardTemplating Templating { get; init; } = new([]);
    public IReadOnlyList<DashboardLink> Links { get; init; } = [];

    /// <summary>In reading order. A row's panels follow it, or stand inside it while it is collapsed.</summary>
    public IReadOnlyList<Panel> Panels { get; init; } = [];
    public int SchemaVersion { get; init; }
    public int Version { get; init; }

    [JsonExtensionData]
    public IDictionary<string, object?> Extra { get; internal set; } = new Dictionary<string, object?>();
}

/// <summary>A range in Grafana's notation: <c>now-1h</c>, <c>now/d</c>, Unix milliseconds or RFC 3339.</summary>
public sealed record DashboardTime(string From, string To);

public sealed record DashboardTemplating(IReadOnlyList<Variable> List);

/// <summary>A link in the dashboard's or a panel's header.</summary>
public sealed record DashboardLink(string Title, string Url, string Type, bool TargetBlank, IReadOnlyList<string> Tags);
