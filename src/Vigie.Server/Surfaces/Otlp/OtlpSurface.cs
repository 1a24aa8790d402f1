using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Otlp;

/// <summary>OTLP over HTTP on its customary port 4318: metrics.</summary>
static class OtlpSurface
{
    public static void Configure(IApplicationBuilder app, OtlpIngest ingest)
    {
        var metrics = new OtlpEndpoint(ingest, OtlpManners.Otlp);
        app.UsePlainErrors();
        app.UseRouting();
        app.UseEndpoints(routes =>
        {
            routes.MapApi("/v1/metrics", ["POST"], metrics.WriteAsync);
            foreach (string signal in new[] { "traces", "logs" })
                routes.MapApi("/v1/" + signal, ["POST"], http => JsonApi.TextAsync(http, StatusCodes.Status404NotFound,
                    $"found a request for {signal}, expected /v1/metrics: {signal} are not stored here\n"));
        });
    }
}
