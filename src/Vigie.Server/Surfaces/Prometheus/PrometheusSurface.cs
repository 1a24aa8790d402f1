using System.Text.RegularExpressions;
using Vigie.Instrumentation;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>The HTTP surface of Prometheus 3 (docs/querying/api.md, docs/management_api.md), customary port 9090.</summary>
static class PrometheusSurface
{
    /// <summary>Builds the whole pipeline of the surface's own listener.</summary>
    public static void Configure(IApplicationBuilder app, PrometheusServices services)
    {
        var allowedOrigin = new Regex($"^(?:{services.Options.CorsOrigin})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        if (services.Options.RoutePrefix is { Length: > 1 } prefix) app.UsePathBase("/" + prefix.Trim('/'));
        app.UseApiCors(allowedOrigin);
        app.UsePlainErrors();
        services.HttpMetrics.MeasureBodies(app);
        app.UseResponseCompression();
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            Map(routes, services, "");
            routes.MapGet("/", http =>
            {
                http.Response.Redirect("/query", permanent: false);
                return Task.CompletedTask;
            });
        });
    }

    /// <summary>The endpoints alone, for mounting under a prefix: <paramref name="parent"/> has it already.</summary>
    public static void Map(IEndpointRouteBuilder parent, PrometheusServices services, string prefix)
    {
        var routes = parent.MapGroup("");
        services.HttpMetrics.Measure(routes, prefix);
        new QueryEndpoints(services).Map(routes);
        new SeriesEndpoints(services).Map(routes);
        new TargetEndpoints(services).Map(routes);
        new RuleEndpoints(services).Map(routes);
        new StatusEndpoints(services).Map(routes);
        new CardinalityEndpoint(services).Map(routes);
        new LifecycleEndpoints(services).Map(routes);
        new FederateEndpoint(services).Map(routes);
        new WriteEndpoints(services).Map(routes);
        new ReadEndpoints(services).Map(routes);
        new AdminEndpoints(services).Map(routes);
        routes.MapApi("/metrics", Methods.Get, http => WriteMetricsAsync(http, services.Metrics));
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
