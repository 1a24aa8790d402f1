using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>The table panel before Grafana 7: its <c>styles</c> become overrides of columns.</summary>
static class TableMigration
{
    public static Panel Migrate(Panel panel, JsonSource source) => panel with
    {
        Type = "table",
        FieldConfig = panel.FieldConfig with
        {
            Overrides = [.. panel.FieldConfig.Overrides, .. (source["styles"]?.Items ?? []).Select(Override).OfType<FieldOverride>()],
        },
        Targets = [.. panel.Targets.Select(target => target with { Format = "table" })],
    };

    static FieldOverride? Override(JsonSource style)
    {
        if (style["pattern"]?.AsText() is not { Length: > 0 } pattern) return null;
        var properties = new List<FieldProperty>();
        if (style["alias"]?.AsText() is { Length: > 0 } alias) properties.Add(new("displayName", alias));
        switch (style["type"]?.AsText())
        {
            case "hidden": properties.Add(new("custom.hidden", true)); break;
            case "number":
                if (style["unit"]?.AsText() is { Length: > 0 } unit) properties.Add(new("unit", unit));
                if (style["decimals"]?.AsNumber() is { } decimals) properties.Add(new("decimals", decimals));
                break;
            case "date": properties.Add(new("unit", "dateTimeAsIso")); break;
        }
        var isRegex = pattern.Length > 2 && pattern[0] == '/' && pattern.LastIndexOf('/') > 0;
        return properties.Count == 0 ? null : new(new(isRegex ? "byRegexp" : "byName", JsonValue.Create(pattern)), properties);
    }
}
