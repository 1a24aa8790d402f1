using Vigie.Collectors.Node;
using Vigie.Protocols.Exposition;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Node;

/// <summary>The node metrics on node_exporter's customary port 9100.</summary>
static class NodeSurface
{
    const string Index = """
        <html><head><title>Node metrics</title></head><body><h1>Node metrics</h1><p><a href="/metrics">Metrics</a></p></body></html>
        """;

    public static void Configure(IApplicationBuilder app, NodeCollector collector)
    {
        app.UsePlainErrors();
        app.UseResponseCompression();
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            routes.MapApi("/metrics", ["GET", "HEAD"], async http =>
            {
                var format = Instrumentation.ExpositionFormats.Negotiate(http.Request.Headers.Accept);
                http.Response.ContentType = Instrumentation.ExpositionFormats.ContentType(format);
                await http.Response.StartAsync(http.RequestAborted);
                collector.Write(http.Response.BodyWriter,
                    format == Instrumentation.ExpositionFormat.OpenMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text);
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            });
            routes.MapApi("/", ["GET", "HEAD"], http =>
            {
                http.Response.ContentType = "text/html; charset=utf-8";
                return http.Response.WriteAsync(Index, http.RequestAborted);
            });
        });
    }
}
