using System.Globalization;
using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>The <c>singlestat</c> panel (retired in Grafana 8) becomes <c>stat</c>, or <c>gauge</c> where it drew one.</summary>
static class SinglestatMigration
{
    public static Panel Migrate(Panel panel, JsonSource source)
    {
        var gauge = source["gauge"]?["show"]?.AsFlag() ?? false;
        var defaults = panel.FieldConfig.Defaults;
        var background = source["colorBackground"]?.AsFlag() ?? false;
        var value = source["colorValue"]?.AsFlag() ?? false;
        var options = new JsonObject
        {
            ["reduceOptions"] = Reducers.Options(source["valueName"]?.AsText()),
            ["colorMode"] = background ? "background" : value ? "value" : "none",
            ["graphMode"] = source["sparkline"]?["show"]?.AsFlag() == true ? "area" : "none",
            ["textMode"] = source["valueName"]?.AsText() == "name" ? "name" : "value",
            ["showThresholdMarkers"] = source["gauge"]?["thresholdMarkers"]?.AsFlag(otherwise: true) ?? true,
            ["showThresholdLabels"] = source["gauge"]?["thresholdLabels"]?.AsFlag() ?? false,
        };
        return panel with
        {
            Type = gauge ? "gauge" : "stat",
            Options = options,
            FieldConfig = panel.FieldConfig with
            {
                Defaults = defaults with
                {
                    Unit = defaults.Unit ?? Unit(source),
                    Decimals = defaults.Decimals ?? (int?)source["decimals"]?.AsNumber(),
                    Min = defaults.Min ?? (gauge ? source["gauge"]!["minValue"]?.AsNumber() ?? 0 : null),
                    Max = defaults.Max ?? (gauge ? source["gauge"]!["maxValue"]?.AsNumber() ?? 100 : null),
                    NoValue = defaults.NoValue ?? source["nullText"]?.AsText(),
                    Color = defaults.Color ?? new("thresholds", null),
                    Thresholds = defaults.Thresholds ?? Thresholds(source),
                    Mappings = defaults.Mappings.Count > 0 ? defaults.Mappings : Mappings(source),
                },
            },
        };
    }

    /// <summary>A panel with a postfix but no format means the postfix as unit.</summary>
    static string? Unit(JsonSource source)
    {
        var format = source["format"]?.AsText();
        if (format is not (null or "" or "none")) return format;
        if (source["postfix"]?.AsText()?.Trim() is { Length: > 0 } postfix) return "suffix:" + postfix;
        return source["prefix"]?.AsText()?.Trim() is { Length: > 0 } prefix ? "prefix:" + prefix : format;
    }

    /// <summary><c>"thresholds": "50,80"</c> separates the three <c>colors</c>.</summary>
    static FieldThresholds? Thresholds(JsonSource source)
    {
        var colors = (source["colors"]?.Items ?? []).Select(color => color.AsText() ?? "green").ToList();
        if (colors.Count == 0) return null;
        var steps = new List<ThresholdStep> { new(colors[0], null) };
        foreach (var bound in (source["thresholds"]?.AsText() ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (steps.Count < colors.Count && double.TryParse(bound, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
                steps.Add(new(colors[steps.Count], value));
        }
        return new("absolute", steps);
    }

    static JsonArray Mappings(JsonSource source)
    {
        var mappings = new JsonArray();
        if (source["mappingType"]?.AsNumber() == 2)
        {
            foreach (var range in source["rangeMaps"]?.Items ?? [])
                mappings.Add((JsonNode)ValueMappings.Range(range["from"]?.AsNumber(), range["to"]?.AsNumber(), range["text"]?.AsText() ?? ""));
        }
        foreach (var map in source["valueMaps"]?.Items ?? [])
            mappings.Add((JsonNode)ValueMappings.Value(map["value"]?.AsText() ?? "", map["text"]?.AsText() ?? ""));
        return mappings;
    }
}
