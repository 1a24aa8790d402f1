using Vigie.Configuration;
using Vigie.Instrumentation;
using Vigie.Server.Http;
using Vigie.Server.Surfaces.Prometheus;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>
/// The HTTP surface of Alertmanager (api/v2/openapi.yaml), customary port 9093, and the API version 1 that upstream removed in 0.27 and
/// people's scripts still use.
/// </summary>
static class AlertmanagerSurface
{
    const string Index = """
        <html><head><title>Alertmanager</title></head><body><h1>Alertmanager API</h1>
        <p><a href="/api/v2/alerts">Alerts</a> <a href="/api/v2/silences">Silences</a></p>
        <p><a href="/api/v2/status">Status</a> <a href="/metrics">Metrics</a></p>
        </body></html>
        """;

    /// <summary>Builds the whole pipeline of the surface's own listener.</summary>
    public static void Configure(IApplicationBuilder app, AlertmanagerServices services)
    {
        app.UseResponseCompression();
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            routes.MapAlertmanager(services);
            routes.MapApi("/", Methods.GetHead, static http =>
            {
                http.Response.ContentType = "text/html; charset=utf-8";
                return http.Response.WriteAsync(Index, http.RequestAborted);
            });
            routes.MapFallback(static http => JsonApi.TextAsync(http, StatusCodes.Status404NotFound, "404 page not found\n"));
        });
    }

    /// <summary>The endpoints alone, for mounting under a prefix.</summary>
    public static void MapAlertmanager(this IEndpointRouteBuilder routes, AlertmanagerServices services)
    {
        new AlertEndpoints(services).Map(routes);
        new SilenceEndpoints(services).Map(routes);
        new StatusEndpoints(services).Map(routes);
        new Version1Endpoints(services).Map(routes);
        routes.MapApi("/-/healthy", Methods.GetHead, static http => JsonApi.TextAsync(http, StatusCodes.Status200OK, "OK"));
        routes.MapApi("/-/ready", Methods.GetHead, static http => JsonApi.TextAsync(http, StatusCodes.Status200OK, "OK"));
        routes.MapApi("/-/reload", ["POST"], http => ReloadAsync(http, services));
        if (services.Metrics is { } metrics) routes.MapApi("/metrics", Methods.GetHead, http => WriteMetricsAsync(http, metrics));
    }

    /// <summary>Open to all, as upstream has it, but not to a web page from elsewhere: its requests carry an Origin.</summary>
    static async Task ReloadAsync(HttpContext http, AlertmanagerServices services)
    {
        if (http.Request.Headers.ContainsKey("Origin"))
        {
            await JsonApi.TextAsync(http, StatusCodes.Status403Forbidden,
                "found a request with an Origin, expected one that no web page made");
            return;
        }
        try
        {
            await services.ReloadAsync(http.RequestAborted);
        }
        catch (ConfigException problem)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status500InternalServerError, $"failed to reload config: {problem.Message}\n");
        }
    }

    static async Task WriteMetricsAsync(HttpContext http, MetricsExporter metrics)
    {
        var format = ExpositionFormats.Negotiate(http.Request.Headers.Accept);
        http.Response.ContentType = format.ContentType();
        await http.Response.StartAsync(http.RequestAborted);
        metrics.Write(http.Response.BodyWriter, format);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
