using System.Text.Json.Nodes;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>The few of Grafana's front end settings that clients look at.</summary>
static class FrontendSettings
{
    public static JsonObject Of(GrafanaSurfaceOptions options) => new()
    {
        ["buildInfo"] = new JsonObject { ["version"] = options.Version, ["commit"] = options.Commit, ["env"] = "production", ["edition"] = "Vigie" },
        ["defaultDatasource"] = Datasource.Prometheus.Name,
        ["datasources"] = new JsonObject(Datasource.All.Select(static source => KeyValuePair.Create(source.Name, (JsonNode?)source.ToJson()))),
        ["authProxyEnabled"] = false,
        ["ldapEnabled"] = false,
        ["disableLoginForm"] = options.Users is null,
    };
}
