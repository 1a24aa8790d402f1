using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Vigie.Instrumentation;

/// <summary>
/// Counts and times requests. WebSockets and other upgrades are counted when they are accepted and not timed: a connection of an hour
/// is not a slow request.
/// </summary>
sealed class HttpMetricsMiddleware(RequestDelegate next, HttpServerMetrics metrics, TimeProvider clock)
{
    /// <summary>Templates with their leading slash; bounded by the routes of the application.</summary>
    readonly ConcurrentDictionary<string, string> _templates = new(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext context) => IsUpgrade(context) ? ServeUpgradeAsync(context) : ServeAsync(context);

    async Task ServeAsync(HttpContext context)
    {
        var start = clock.GetTimestamp();
        var request = CountingRequestBody.Wrap(context);
        var inner = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var response = new CountingResponseBody(inner);
        context.Features.Set<IHttpResponseBodyFeature>(response);
        var status = 0;
        var template = Template(context);
        metrics.Started();
        try
        {
            await next(context);
            status = context.Response.StatusCode;
        }
        finally
        {
            metrics.Ended();
            context.Features.Set(inner);
            var (method, endpoint) = (context.Request.Method, Template(context) ?? template ?? HttpServerMetrics.Unmatched);
            metrics.Counted(method, endpoint, status != 0 ? status : FailureStatus(context));
            metrics.Measured(method, endpoint, clock.GetElapsedTime(start).TotalSeconds,
                request?.Bytes ?? context.Request.ContentLength ?? 0, response.Bytes);
        }
    }

    Task ServeUpgradeAsync(HttpContext context)
    {
        context.Response.OnStarting(() =>
        {
            metrics.Counted(context.Request.Method, Template(context) ?? HttpServerMetrics.Unmatched, context.Response.StatusCode);
            return Task.CompletedTask;
        });
        return next(context);
    }

    /// <summary>What the client was answered when an exception leaves the application; 499, as in nginx, when it had gone away.</summary>
    static int FailureStatus(HttpContext context)
    {
        if (context.Response.HasStarted) return context.Response.StatusCode;
        return context.RequestAborted.IsCancellationRequested
            ? StatusCodes.Status499ClientClosedRequest
            : StatusCodes.Status500InternalServerError;
    }

    /// <summary>
    /// The template of the route, known before the application runs where routing came first, and after it otherwise. Both are
    /// asked: handlers of exceptions forget the route.
    /// </summary>
    string? Template(HttpContext context)
    {
        var template = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        if (template is null) return null;
        return template.StartsWith('/') ? template : _templates.GetOrAdd(template, text => "/" + text);
    }

    static bool IsUpgrade(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
        || context.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;
}
