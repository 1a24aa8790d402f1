using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>Reads <c>fieldConfig</c>.</summary>
static class FieldConfigReader
{
    static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "unit", "min", "max", "decimals", "displayName", "noValue", "color", "thresholds", "mappings", "custom",
    };

    public static FieldConfig Read(JsonSource? source, ProblemList problems) => source is null ? new() : new()
    {
        Defaults = ReadDefaults(source["defaults"], problems),
        Overrides = [.. (source["overrides"]?.Items ?? []).Select(ReadOverride).OfType<FieldOverride>()],
    };

    static FieldDefaults ReadDefaults(JsonSource? source, ProblemList problems) => source is null ? new() : new()
    {
        Unit = source["unit"]?.AsText() is { Length: > 0 } unit ? unit : null,
        Min = Number(source["min"], problems),
        Max = Number(source["max"], problems),
        Decimals = (int?)Number(source["decimals"], problems),
        DisplayName = source["displayName"]?.AsText() is { Length: > 0 } name ? name : null,
        NoValue = source["noValue"]?.AsText(),
        Color = source["color"] is { IsObject: true } color ? new(color["mode"]?.AsText() ?? "palette-classic", color["fixedColor"]?.AsText()) : null,
        Thresholds = source["thresholds"] is { IsObject: true } thresholds ? ReadThresholds(thresholds) : null,
        Mappings = source["mappings"] is { IsArray: true } mappings ? ReadMappings(mappings) : [],
        Custom = source["custom"] is { IsObject: true } custom ? (JsonObject)custom.ToNode()! : [],
        Extra = DashboardReader.Unnamed(source, Named),
    };

    static double? Number(JsonSource? source, ProblemList problems)
    {
        if (source is null || source.Text.Length == 0 && source.Kind == System.Text.Json.JsonValueKind.String) return null;
        if (source.AsNumber() is { } number) return number;
        problems.Expected(source, "a number");
        return null;
    }

    static FieldThresholds ReadThresholds(JsonSource source) => new(
        source["mode"]?.AsText() ?? "absolute",
        [.. (source["steps"]?.Items ?? []).Select(step => new ThresholdStep(step["color"]?.AsText() ?? "green", step["value"]?.AsNumber()))]);

    /// <summary>Mappings before Grafana 8 are a flat list with a numeric type: 1 is a value, 2 a range.</summary>
    static JsonArray ReadMappings(JsonSource list)
    {
        var mappings = new JsonArray();
        foreach (var mapping in list.Items)
            mappings.Add(mapping["type"]?.Kind == System.Text.Json.JsonValueKind.Number ? OldMapping(mapping) : mapping.ToNode());
        return mappings;
    }

    static JsonObject OldMapping(JsonSource mapping) => mapping["type"]!.AsNumber() == 2
        ? ValueMappings.Range(mapping["from"]?.AsNumber(), mapping["to"]?.AsNumber(), mapping["text"]?.AsText() ?? "")
        : ValueMappings.Value(mapping["value"]?.AsText() ?? "", mapping["text"]?.AsText() ?? "");

    static FieldOverride? ReadOverride(JsonSource source) =>
        source["matcher"]?["id"]?.AsText() is not { } id ? null
        : new(new(id, source["matcher"]!["options"]?.ToNode()),
            [.. (source["properties"]?.Items ?? []).Where(property => property["id"] is not null)
                .Select(property => new FieldProperty(property["id"]!.AsText() ?? "", property["value"]?.ToNode()))]);
}
