using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Vigie.Dashboards;

/// <summary>How values look: for all series of a panel, and exceptions by name or query.</summary>
public sealed record FieldConfig
{
    public FieldDefaults Defaults { get; init; } = new();
    public IReadOnlyList<FieldOverride> Overrides { get; init; } = [];
}

public sealed record FieldDefaults
{
    /// <summary>Grafana's name of a unit: <c>bytes</c>, <c>percent</c>, <c>s</c>, <c>reqps</c>, <c>suffix:x</c>, ...</summary>
    public string? Unit { get; init; }
    public double? Min { get; init; }
    public double? Max { get; init; }
    public int? Decimals { get; init; }
    public string? DisplayName { get; init; }
    public string? NoValue { get; init; }
    public FieldColor? Color { get; init; }
    public FieldThresholds? Thresholds { get; init; }

    /// <summary>Texts and colors in place of values: <c>value</c>, <c>range</c>, <c>regex</c> and <c>special</c> mappings.</summary>
    public JsonArray Mappings { get; init; } = [];

    /// <summary>Drawing style of the panel type: drawStyle, lineWidth, fillOpacity, stacking, axisLabel, ...</summary>
    public JsonObject Custom { get; init; } = [];

    [JsonExtensionData]
    public IDictionary<string, object?> Extra { get; internal set; } = new Dictionary<string, object?>();
}

/// <summary><c>palette-classic</c>, <c>thresholds</c>, <c>fixed</c> (with a color), or a continuous scale.</summary>
public sealed record FieldColor(string Mode, string? FixedColor);

/// <param name="Mode"><c>absolute</c>, or <c>percentage</c> of min to max.</param>
/// <param name="Steps">Ascending; the first has no value and stands for everything below the second.</param>
public sealed record FieldThresholds(string Mode, IReadOnlyList<ThresholdStep> Steps);

public sealed record ThresholdStep(string Color, double? Value);

/// <summary>Properties of the fields that a matcher (<c>byName</c>, <c>byRegexp</c>, <c>byFrameRefID</c>, ...) selects.</summary>
public sealed record FieldOverride(FieldMatcher Matcher, IReadOnlyList<FieldProperty> Properties);

public sealed record FieldMatcher(string Id, JsonNode? Options);

public sealed record FieldProperty(string Id, JsonNode? Value);
