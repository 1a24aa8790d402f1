using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>Builds value mappings in their current form.</summary>
static class ValueMappings
{
    /// <summary><paramref name="value"/> may be the word <c>null</c>, which stands for "no value".</summary>
    public static JsonObject Value(string value, string text) => value == "null"
        ? new() { ["type"] = "special", ["options"] = new JsonObject { ["match"] = "null", ["result"] = Result(text) } }
        : new() { ["type"] = "value", ["options"] = new JsonObject { [value] = Result(text) } };

    public static JsonObject Range(double? from, double? to, string text) => from is null && to is null
        ? Value("null", text)
        : new() { ["type"] = "range", ["options"] = new JsonObject { ["from"] = from, ["to"] = to, ["result"] = Result(text) } };

    static JsonObject Result(string text) => new() { ["text"] = text };
}
