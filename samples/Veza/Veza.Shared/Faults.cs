using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Veza.Shared;

/// <summary>
/// Faults on request, for trying alerts: a share of the calls fails, all calls take longer, the service stops. Only this machine may
/// ask. Faults are leased: they end by themselves unless they are asked for again, so that nothing stays broken when the asker dies.
/// </summary>
/// <remarks>
/// POST /fault?errors=0.2&amp;latency_ms=3000&amp;lease_seconds=15, DELETE /fault, POST /fault/stop. Not counted as calls.
/// </remarks>
public sealed class Faults(TimeProvider clock, IHostApplicationLifetime lifetime)
{
    const double LatencyMsMax = 60_000;
    const double LeaseSecondsMax = 3600;

    volatile Fault _fault = Fault.None;

    /// <summary>Middleware before the metrics: answers /fault.</summary>
    public async Task ControlAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/fault", out var rest))
        {
            await next(context);
            return;
        }
        if (context.Connection.RemoteIpAddress is not { } peer || !IPAddress.IsLoopback(peer))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        context.Response.StatusCode = (context.Request.Method, rest.Value) switch
        {
            ("POST", "" or null) => Set(context.Request.Query),
            ("DELETE", "" or null) => Clear(),
            ("POST", "/stop") => Stop(),
            _ => StatusCodes.Status404NotFound,
        };
    }

    /// <summary>Middleware after the metrics: makes calls slow or fail.</summary>
    public async Task InjectAsync(HttpContext context, RequestDelegate next)
    {
        var fault = _fault;
        if (fault.EndsAt <= clock.GetUtcNow() || context.GetEndpoint() is null)
        {
            await next(context);
            return;
        }
        if (fault.Latency > TimeSpan.Zero) await Task.Delay(fault.Latency, clock, context.RequestAborted);
        if (Random.Shared.NextDouble() >= fault.Errors)
        {
            await next(context);
            return;
        }
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        await context.Response.WriteAsJsonAsync(new { error = "fault injected on request" }, context.RequestAborted);
    }

    int Set(IQueryCollection query)
    {
        if (!TryRead(query, "errors", 1, out var errors) || !TryRead(query, "latency_ms", LatencyMsMax, out var latencyMs)
            || !TryRead(query, "lease_seconds", LeaseSecondsMax, out var leaseSeconds))
        {
            return StatusCodes.Status400BadRequest;
        }
        _fault = new Fault(errors, TimeSpan.FromMilliseconds(latencyMs), clock.GetUtcNow().AddSeconds(leaseSeconds));
        return StatusCodes.Status204NoContent;
    }

    int Clear()
    {
        _fault = Fault.None;
        return StatusCodes.Status204NoContent;
    }

    int Stop()
    {
        lifetime.StopApplication();
        return StatusCodes.Status202Accepted;
    }

    static bool TryRead(IQueryCollection query, string name, double max, out double value)
    {
        value = 0;
        var text = query[name].ToString();
        return text.Length == 0 || (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out value) && value >= 0 && value <= max);
    }

    sealed record Fault(double Errors, TimeSpan Latency, DateTimeOffset EndsAt)
    {
        public static readonly Fault None = new(0, TimeSpan.Zero, DateTimeOffset.MinValue);
    }
}
