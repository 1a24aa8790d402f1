using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>The <c>graph</c> panel (drawn by Flot, retired in Grafana 11) becomes <c>timeseries</c>.</summary>
static class GraphMigration
{
    public static Panel Migrate(Panel panel, JsonSource source)
    {
        var left = Axis(source, 0);
        var label = left?["label"]?.AsText() ?? "";
        var defaults = panel.FieldConfig.Defaults;
        var custom = Style(source, left, label);
        foreach (var (name, value) in defaults.Custom) custom[name] = value?.DeepClone();
        var unit = defaults.Unit ?? left?["format"]?.AsText() ?? (source["y_formats"]?.Items is [var first, ..] ? first.AsText() : null);
        return panel with
        {
            Type = "timeseries",
            FieldConfig = new()
            {
                Defaults = defaults with
                {
                    Unit = unit is null or "" ? AxisLabels.UnitOf(label) : unit,
                    Min = defaults.Min ?? left?["min"]?.AsNumber() ?? source["grid"]?["leftMin"]?.AsNumber(),
                    Max = defaults.Max ?? left?["max"]?.AsNumber() ?? source["grid"]?["leftMax"]?.AsNumber(),
                    Decimals = defaults.Decimals ?? (int?)source["decimals"]?.AsNumber(),
                    Color = defaults.Color ?? new("palette-classic", null),
                    Thresholds = defaults.Thresholds ?? GraphThresholds(source["thresholds"]),
                    Custom = custom,
                },
                Overrides = [.. panel.FieldConfig.Overrides, .. AliasColors(source["aliasColors"]), .. GraphSeriesOverrides.Read(source, Axis(source, 1))],
            },
            Options = panel.Options.ContainsKey("legend") ? panel.Options : WithLegendAndTooltip(panel.Options, source),
        };
    }

    /// <summary>Grafana writes <c>yaxes</c>; hand-written files of the time often say <c>yAxes</c>.</summary>
    static JsonSource? Axis(JsonSource source, int index) =>
        (source["yaxes"] ?? source["yAxes"])?.Items is { } axes && index < axes.Count ? axes[index] : null;

    static JsonObject Style(JsonSource source, JsonSource? left, string label)
    {
        var bars = source["bars"]?.AsFlag() ?? false;
        var lines = source["lines"]?.AsFlag(otherwise: true) ?? true;
        var stacked = source["stack"]?.AsFlag() ?? false;
        var percent = source["percentage"]?.AsFlag() ?? false;
        var logBase = left?["logBase"]?.AsNumber() ?? 1;
        var style = new JsonObject
        {
            ["drawStyle"] = bars ? "bars" : lines ? "line" : "points",
            ["lineWidth"] = source["linewidth"]?.AsNumber() ?? 1.5,
            ["fillOpacity"] = Math.Clamp((source["fill"]?.AsNumber() ?? 1) * 10, 0, 100),
            ["lineInterpolation"] = source["steppedLine"]?.AsFlag() == true ? "stepAfter" : "linear",
            ["showPoints"] = source["points"]?.AsFlag() == true ? "always" : "never",
            ["pointSize"] = (source["pointradius"]?.AsNumber() ?? 2) * 2,
            ["spanNulls"] = source["nullPointMode"]?.AsText() == "connected",
            ["stacking"] = new JsonObject { ["mode"] = stacked ? percent ? "percent" : "normal" : "none", ["group"] = "A" },
        };
        if (label.Length > 0) style["axisLabel"] = label;
        if (left?["show"]?.AsFlag(otherwise: true) == false) style["axisPlacement"] = "hidden";
        if (logBase > 1) style["scaleDistribution"] = new JsonObject { ["type"] = "log", ["log"] = logBase };
        if (source["thresholds"] is { Items.Count: > 0 }) style["thresholdsStyle"] = new JsonObject { ["mode"] = "line" };
        return style;
    }

    static FieldThresholds? GraphThresholds(JsonSource? list)
    {
        if (list is not { IsArray: true, Items.Count: > 0 }) return null;
        var steps = new List<ThresholdStep> { new("transparent", null) };
        foreach (var threshold in list.Items.Where(item => item["value"]?.AsNumber() is not null).OrderBy(item => item["value"]!.AsNumber()))
        {
            var color = threshold["colorMode"]?.AsText() switch
            {
                "ok" => "green",
                "warning" => "orange",
                "custom" => threshold["lineColor"]?.AsText() ?? "red",
                _ => "red",
            };
            steps.Add(new(color, threshold["value"]!.AsNumber()));
        }
        return new("absolute", steps);
    }

    static IEnumerable<FieldOverride> AliasColors(JsonSource? colors) =>
        (colors?.Members ?? []).Where(member => member.Value.AsText() is not null).Select(member => new FieldOverride(
            new("byName", member.Key),
            [new("color", new JsonObject { ["mode"] = "fixed", ["fixedColor"] = member.Value.AsText() })]));

    static JsonObject WithLegendAndTooltip(JsonObject options, JsonSource source)
    {
        var legend = source["legend"];
        var values = legend?["values"]?.AsFlag() ?? false;
        var calcs = new JsonArray();
        foreach (var (old, calc) in (ReadOnlySpan<(string, string)>)
            [("min", "min"), ("max", "max"), ("avg", "mean"), ("current", "lastNotNull"), ("total", "sum")])
        {
            if (values && legend?[old]?.AsFlag() == true) calcs.Add((JsonNode)calc);
        }
        options["legend"] = new JsonObject
        {
            ["showLegend"] = legend?["show"]?.AsFlag(otherwise: true) ?? true,
            ["displayMode"] = legend?["alignAsTable"]?.AsFlag() == true ? "table" : "list",
            ["placement"] = legend?["rightSide"]?.AsFlag() == true ? "right" : "bottom",
            ["calcs"] = calcs,
        };
        options["tooltip"] = new JsonObject
        {
            ["mode"] = source["tooltip"]?["shared"]?.AsFlag(otherwise: true) == false ? "single" : "multi",
            ["sort"] = source["tooltip"]?["sort"]?.AsNumber() switch { 1 => "asc", 2 => "desc", _ => "none" },
        };
        return options;
    }
}
