namespace Vigie.Server.Surfaces.Grafana;

/// <summary>The few of Grafana's front end settings that clients look at.</summary>
static class FrontendSettings
{
    public static object Of(GrafanaSurfaceOptions options) => new
    {
        buildInfo = new { version = options.Version, commit = options.Commit, env = "production", edition = "Vigie" },
        defaultDatasource = Datasource.Prometheus.Name,
        datasources = Datasource.All.ToDictionary(source => source.Name),
        authProxyEnabled = false,
        ldapEnabled = false,
        disableLoginForm = options.Users is null,
    };
}
