using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Veza.Shared;

/// <summary>
/// A web hook that writes alerts to the log: where the example's Alertmanager configuration sends them. Only this machine may call it.
/// Not counted as a call.
/// </summary>
public sealed partial class AlertConsole(ILogger<AlertConsole> logger)
{
    const int BodyBytesMax = 1 << 20;

    /// <summary>Middleware before the metrics: answers POST /ops/alerts.</summary>
    public async Task ReceiveAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path != "/ops/alerts")
        {
            await next(context);
            return;
        }
        context.Response.StatusCode = context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer)
            ? await ReadAsync(context)
            : StatusCodes.Status403Forbidden;
    }

    async Task<int> ReadAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method)) return StatusCodes.Status405MethodNotAllowed;
        if (context.Request.ContentLength is null or > BodyBytesMax) return StatusCodes.Status413PayloadTooLarge;
        try
        {
            var notification = await context.Request.ReadFromJsonAsync<Notification>(JsonSerializerOptions.Web, context.RequestAborted);
            foreach (var alert in notification?.Alerts ?? [])
            {
                AlertReceived(alert.Status ?? "", alert.Labels?.GetValueOrDefault("severity") ?? "", alert.Labels?.GetValueOrDefault("alertname") ?? "",
                    alert.Annotations?.GetValueOrDefault("summary") ?? "");
            }
            return StatusCodes.Status204NoContent;
        }
        catch (JsonException)
        {
            return StatusCodes.Status400BadRequest;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Alert {Status} [{Severity}] {Name}: {Summary}")]
    private partial void AlertReceived(string status, string severity, string name, string summary);

    sealed record Notification(IReadOnlyList<Alert>? Alerts);

    sealed record Alert(string? Status, IReadOnlyDictionary<string, string>? Labels, IReadOnlyDictionary<string, string>? Annotations);
}
