using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>
/// Port 3000: the web UI, the part of Grafana's HTTP API that scripts and agents use, and the Prometheus and Alertmanager APIs on the same
/// origin for the browser. Open to everybody are only <c>/api/health</c>, <c>/api/search</c> (titles, no data), signing in and the UI's
/// files; everything else needs a session.
/// </summary>
public static class GrafanaSurface
{
    public static void MapGrafana(this IEndpointRouteBuilder app, GrafanaSurfaceOptions options)
    {
        var guard = new SessionGuard(options.Users);
        var login = new LoginEndpoints(options.Users, guard);
        var dashboards = new DashboardEndpoints(options.Dashboards);

        app.MapGet("/api/health", http => Write(http, new JsonObject { ["database"] = "ok", ["version"] = options.Version, ["commit"] = options.Commit }));
        app.MapGet("/api/search", dashboards.SearchAsync);
        app.MapPost("/login", login.SignInAsync);
        app.MapGet("/logout", login.SignOutAsync);
        app.MapPost("/logout", login.SignOutAsync);

        // Reachable with the first password still in place: what changing it needs.
        var user = app.MapGroup("").RequireSession(guard, evenWithFirstPassword: true);
        user.MapGet("/api/user", login.UserAsync);
        user.MapPut("/api/user/password", login.ChangePasswordAsync);
        user.MapGet("/api/login/ping", http => Write(http, new JsonObject { ["message"] = "Logged in" }));

        var api = app.MapGroup("").RequireSession(guard);
        api.MapGet("/api/org", http => Write(http, new JsonObject { ["id"] = 1, ["name"] = "Main Org." }));
        api.MapGet("/api/frontend/settings", http => Write(http, FrontendSettings.Of(options)));
        api.MapGet("/api/dashboards/home", dashboards.HomeAsync);
        api.MapGet("/api/dashboards/tags", dashboards.TagsAsync);
        api.MapGet("/api/dashboards/problems", dashboards.ProblemsAsync);
        api.MapGet("/api/dashboards/uid/{uid}", dashboards.ByUidAsync);
        api.MapGet("/api/datasources", http => Write(http, new JsonArray([.. Datasource.All.Select(static source => source.ToJson())])));
        api.MapGet("/api/datasources/{id:int}", http => Datasource.WriteAsync(http, source => $"{source.Id}" == RouteText(http, "id")));
        api.MapGet("/api/datasources/uid/{uid}", http => Datasource.WriteAsync(http, source => source.Uid == RouteText(http, "uid")));
        api.MapGet("/api/datasources/name/{name}", http => Datasource.WriteAsync(http, source => source.Name == RouteText(http, "name")));
        api.MapGet("/api/datasources/uid/{uid}/health", Datasource.HealthAsync);

        // The same API under each address that a client may use; a proxy in process is just one more prefix.
        foreach (var prefix in (ReadOnlySpan<string>)["/prometheus", .. Datasource.Prometheus.ProxyPrefixes])
            options.MapPrometheus(app.MapGroup(prefix).RequireSession(guard), prefix);
        foreach (var prefix in (ReadOnlySpan<string>)["/alertmanager", .. Datasource.Alertmanager.ProxyPrefixes])
            options.MapAlertmanager(app.MapGroup(prefix).RequireSession(guard));

        app.MapFallback("{*path}", new UiFiles(options.Ui).ServeAsync);
    }

    /// <summary>Lets only signed-in users through to the endpoints of <paramref name="builder"/>.</summary>
    public static TBuilder RequireSession<TBuilder>(this TBuilder builder, SessionGuard guard, bool evenWithFirstPassword = false)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint =>
        {
            if (endpoint.RequestDelegate is { } next) endpoint.RequestDelegate = http => guard.RunAsync(http, next, evenWithFirstPassword);
        });
        return builder;
    }

    internal static async Task Write(HttpContext http, JsonNode value, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json; charset=utf-8";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        value.WriteTo(writer);
    }

    /// <summary>Grafana's shape of an error.</summary>
    internal static Task WriteError(HttpContext http, int status, string message) => Write(http, new JsonObject { ["message"] = message }, status);

    internal static string RouteText(HttpContext http, string name) => http.GetRouteValue(name)?.ToString() ?? "";
}
