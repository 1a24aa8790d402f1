using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Node;

/// <summary>The node metrics on node_exporter's customary port 9100.</summary>
static class NodeSurface
{
    public static void Configure(IApplicationBuilder app)
    {
        app.UsePlainErrors();
        app.UseResponseCompression();
        app.UseRouting();
    }
}
