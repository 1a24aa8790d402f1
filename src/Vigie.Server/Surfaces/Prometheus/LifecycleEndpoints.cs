using System.Net;
using Vigie.Configuration;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>/-/healthy, /-/ready, /-/reload, /-/quit.</summary>
sealed class LifecycleEndpoints(PrometheusServices services)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/-/healthy", Methods.GetHead, http => JsonApi.TextAsync(http, StatusCodes.Status200OK, "Prometheus Server is Healthy.\n"));
        routes.MapApi("/-/ready", Methods.GetHead, http => services.Ready
            ? JsonApi.TextAsync(http, StatusCodes.Status200OK, "Prometheus Server is Ready.\n")
            : JsonApi.TextAsync(http, StatusCodes.Status503ServiceUnavailable, "Service Unavailable"));
        routes.MapApi("/-/reload", Methods.PostPut, ReloadAsync);
        routes.MapApi("/-/quit", Methods.PostPut, QuitAsync);
        foreach (string path in new[] { "/-/reload", "/-/quit" })
            routes.MapApi(path, ["GET"], http => JsonApi.TextAsync(http, StatusCodes.Status405MethodNotAllowed, "Only POST or PUT requests allowed"));
    }

    async Task ReloadAsync(HttpContext http)
    {
        if (!Allowed(http))
        {
            await JsonApi.TextAsync(http, StatusCodes.Status403Forbidden, "Lifecycle API is not enabled.");
            return;
        }
        try
        {
            await services.Reloading.ReloadAsync(http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status200OK;
        }
        catch (ConfigException problem)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status500InternalServerError, $"failed to reload config: {problem.Message}\n");
        }
    }

    async Task QuitAsync(HttpContext http)
    {
        if (!Allowed(http))
        {
            await JsonApi.TextAsync(http, StatusCodes.Status403Forbidden, "Lifecycle API is not enabled.");
            return;
        }
        await JsonApi.TextAsync(http, StatusCodes.Status200OK, "Requesting termination... Goodbye!");
        services.Quit();
    }

    /// <summary>
    /// Upstream refuses unless --web.enable-lifecycle is given; people's scripts post to localhost without it, so loopback is allowed unless
    /// the flag says no. A browser page from elsewhere is not: it carries an Origin.
    /// </summary>
    bool Allowed(HttpContext http) => services.Options.EnableLifecycle
        ?? (http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) && !http.Request.Headers.ContainsKey("Origin"));
}
