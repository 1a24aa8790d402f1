using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>A data source as Grafana's API lists it. There are two, both this process.</summary>
sealed record Datasource(int Id, string Uid, string Name, string Type, string TypeName, bool IsDefault)
{
    public static readonly Datasource Prometheus = new(1, "prometheus", "Prometheus", "prometheus", "Prometheus", IsDefault: true);
    public static readonly Datasource Alertmanager = new(2, "alertmanager", "Alertmanager", "alertmanager", "Alertmanager", IsDefault: false);
    public static readonly IReadOnlyList<Datasource> All = [Prometheus, Alertmanager];

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["uid"] = Uid,
        ["name"] = Name,
        ["type"] = Type,
        ["typeName"] = TypeName,
        ["isDefault"] = IsDefault,
        ["orgId"] = 1,
        ["access"] = "proxy",
        ["url"] = "/" + Type,
        ["basicAuth"] = false,
        ["readOnly"] = true,
        ["jsonData"] = Type == "prometheus"
            ? new JsonObject { ["httpMethod"] = "POST", ["prometheusType"] = "Prometheus" }
            : new JsonObject { ["implementation"] = "prometheus" },
    };

    /// <summary>Where a client reaches it through Grafana's API.</summary>
    internal IEnumerable<string> ProxyPrefixes => [$"/api/datasources/proxy/uid/{Uid}", $"/api/datasources/proxy/{Id}", $"/api/datasources/uid/{Uid}/resources"];

    internal static Task WriteAsync(HttpContext http, Func<Datasource, bool> wanted) => All.FirstOrDefault(wanted) is { } source
        ? GrafanaSurface.Write(http, source.ToJson())
        : GrafanaSurface.WriteError(http, StatusCodes.Status404NotFound, "Data source not found");

    internal static Task HealthAsync(HttpContext http) => All.Any(source => source.Uid == GrafanaSurface.RouteText(http, "uid"))
        ? GrafanaSurface.Write(http, new JsonObject { ["status"] = "OK", ["message"] = "Successfully queried the API." })
        : GrafanaSurface.WriteError(http, StatusCodes.Status404NotFound, "Data source not found");
}
