using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.FileProviders;
using Vigie.Dashboards;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>What the web UI and the Grafana API are made of.</summary>
public sealed record GrafanaSurfaceOptions
{
    /// <summary>The dashboards as of now; asked for at every request, so that a reload is seen at once.</summary>
    public required Func<DashboardLibrary> Dashboards { get; init; }

    /// <summary>Null switches signing in off (<c>--web.auth=off</c>): everybody is an administrator.</summary>
    public UserStore? Users { get; init; }

    /// <summary>As <c>/api/health</c> and the status page show it.</summary>
    public required string Version { get; init; }
    public string Commit { get; init; } = "";

    /// <summary>The built UI (<c>index.html</c>, <c>assets/</c>); null if the program came without one.</summary>
    public IFileProvider? Ui { get; init; }

    /// <summary>Maps the Prometheus API (<c>/api/v1/…</c>). It is mapped under <c>/prometheus</c> and as a data source proxy, behind the session;
    /// the second argument is that prefix.</summary>
    public required Action<IEndpointRouteBuilder, string> MapPrometheus { get; init; }

    /// <summary>Maps the Alertmanager API (<c>/api/v2/…</c>) under <c>/alertmanager</c> and as a data source proxy, behind the session.</summary>
    public required Action<IEndpointRouteBuilder> MapAlertmanager { get; init; }
}
