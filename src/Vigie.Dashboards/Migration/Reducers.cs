using System.Text.Json.Nodes;

namespace Vigie.Dashboards;

/// <summary>How a line becomes one number: names before Grafana 7 and now.</summary>
static class Reducers
{
    public static string Current(string? old) => old switch
    {
        "avg" => "mean",
        "current" or null or "" => "lastNotNull",
        "total" => "sum",
        "diff" => "diff",
        "last_time" => "lastNotNull",
        _ => old,
    };

    public static JsonObject Options(string? old) =>
        new() { ["calcs"] = new JsonArray(Current(old)), ["fields"] = "", ["values"] = false };
}
