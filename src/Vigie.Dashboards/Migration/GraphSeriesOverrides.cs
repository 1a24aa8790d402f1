using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>The <c>seriesOverrides</c> of a graph panel become overrides by name or by regular expression.</summary>
static class GraphSeriesOverrides
{
    public static IEnumerable<FieldOverride> Read(JsonSource panel, JsonSource? rightAxis)
    {
        foreach (var old in panel["seriesOverrides"]?.Items ?? [])
        {
            if (old["alias"]?.AsText() is not { Length: > 0 } alias) continue;
            var properties = new List<FieldProperty>();
            foreach (var (name, value) in old.Members) Translate(name, value, rightAxis, properties);
            var isRegex = alias.Length > 2 && alias[0] == '/' && alias.LastIndexOf('/') > 0;
            if (properties.Count > 0) yield return new(new(isRegex ? "byRegexp" : "byName", alias), properties);
        }
    }

    static void Translate(string name, JsonSource value, JsonSource? rightAxis, List<FieldProperty> output)
    {
        switch (name)
        {
            case "color" when value.AsText() is { } color:
                output.Add(new("color", new JsonObject { ["mode"] = "fixed", ["fixedColor"] = color }));
                break;
            case "fill" when value.AsNumber() is { } fill: output.Add(new("custom.fillOpacity", Math.Clamp(fill * 10, 0, 100))); break;
            case "linewidth" when value.AsNumber() is { } width: output.Add(new("custom.lineWidth", width)); break;
            case "lines": output.Add(new("custom.lineWidth", value.AsFlag() ? 1 : 0)); break;
            case "bars" when value.AsFlag(): output.Add(new("custom.drawStyle", "bars")); break;
            case "points" when value.AsFlag(): output.Add(new("custom.showPoints", "always")); break;
            case "steppedLine" when value.AsFlag(): output.Add(new("custom.lineInterpolation", "stepAfter")); break;
            case "dashes" when value.AsFlag():
                output.Add(new("custom.lineStyle", new JsonObject { ["fill"] = "dash", ["dash"] = new JsonArray(10, 10) }));
                break;
            case "stack" when value.Kind is System.Text.Json.JsonValueKind.False:
                output.Add(new("custom.stacking", new JsonObject { ["mode"] = "none" }));
                break;
            case "transform" when value.AsText() is { } transform: output.Add(new("custom.transform", transform)); break;
            case "legend" when !value.AsFlag(otherwise: true):
                output.Add(new("custom.hideFrom", new JsonObject { ["legend"] = true, ["tooltip"] = false, ["viz"] = false }));
                break;
            case "yaxis" when value.AsNumber() == 2:
                output.Add(new("custom.axisPlacement", "right"));
                if (rightAxis?["format"]?.AsText() is { } unit) output.Add(new("unit", unit));
                if (rightAxis?["label"]?.AsText() is { Length: > 0 } label) output.Add(new("custom.axisLabel", label));
                if (rightAxis?["min"]?.AsNumber() is { } min) output.Add(new("min", min));
                if (rightAxis?["max"]?.AsNumber() is { } max) output.Add(new("max", max));
                break;
        }
    }
}
