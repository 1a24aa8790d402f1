using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Vigie.Dashboards;

/// <summary>A panel after migration: no <c>graph</c>, <c>singlestat</c> or old table is left.</summary>
public sealed record Panel
{
    /// <summary>Unique in its dashboard.</summary>
    public required int Id { get; init; }

    /// <summary><c>timeseries</c>, <c>stat</c>, <c>gauge</c>, <c>bargauge</c>, <c>table</c>, <c>text</c>, <c>row</c>, ... or what the file says.</summary>
    public required string Type { get; init; }
    public string Title { get; init; } = "";
    public string? Description { get; init; }
    public required GridPosition GridPos { get; init; }
    public DatasourceReference? Datasource { get; init; }
    public IReadOnlyList<PanelTarget> Targets { get; init; } = [];
    public FieldConfig FieldConfig { get; init; } = new();

    /// <summary>Options of the panel type: legend, tooltip, reduceOptions, ...</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>Applied in order to the result of the queries; kept as written.</summary>
    public JsonArray Transformations { get; init; } = [];

    /// <summary>The variable for each of whose values the panel is shown once.</summary>
    public string? Repeat { get; init; }
    public string? RepeatDirection { get; init; }
    public int? MaxPerRow { get; init; }

    /// <summary>Upper limit of points per series.</summary>
    public int? MaxDataPoints { get; init; }

    /// <summary>Lower limit of the step, a duration.</summary>
    public string? Interval { get; init; }

    /// <summary>Length of the panel's own range, a duration.</summary>
    public string? TimeFrom { get; init; }

    /// <summary>How far the panel's range lies in the past, a duration.</summary>
    public string? TimeShift { get; init; }
    public bool Transparent { get; init; }
    public IReadOnlyList<DashboardLink> Links { get; init; } = [];

    /// <summary>Rows only: whether the panels stand inside and are hidden until the row is opened.</summary>
    public bool Collapsed { get; init; }
    public IReadOnlyList<Panel>? Panels { get; init; }

    [JsonExtensionData]
    public IDictionary<string, object?> Extra { get; internal set; } = new Dictionary<string, object?>();
}

/// <summary>Place on a grid of 24 columns; a unit of height is 30 px plus an 8 px gap, as in Grafana.</summary>
public sealed record GridPosition(int X, int Y, int W, int H)
{
    public const int Columns = 24;
}

/// <summary>Which data source a query goes to. Everything of type prometheus, or without type, is this server.</summary>
public sealed record DatasourceReference(string? Type, string? Uid);

/// <summary>A query of a panel.</summary>
public sealed record PanelTarget
{
    /// <summary>A, B, ...: how transformations name the query.</summary>
    public required string RefId { get; init; }
    public string Expr { get; init; } = "";

    /// <summary>Text with <c>{{label}}</c>; empty or <c>__auto</c> for the labels themselves.</summary>
    public string LegendFormat { get; init; } = "";

    /// <summary>Ask for one value at the end of the range instead of a line.</summary>
    public bool Instant { get; init; }

    /// <summary><c>time_series</c>, <c>table</c> or <c>heatmap</c>.</summary>
    public string Format { get; init; } = "time_series";

    /// <summary>Lower limit of the step, a duration.</summary>
    public string? Interval { get; init; }
    public int IntervalFactor { get; init; } = 1;
    public bool Hide { get; init; }
    public DatasourceReference? Datasource { get; init; }

    [JsonExtensionData]
    public IDictionary<string, object?> Extra { get; internal set; } = new Dictionary<string, object?>();
}
