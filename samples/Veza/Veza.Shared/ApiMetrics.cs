using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Veza.Shared.MeterNames;

namespace Veza.Shared;

/// <summary>What the service says about its calls beyond the HTTP metrics: latencies, errors by kind, callers by kind.</summary>
public sealed class ApiMetrics
{
    static readonly TimeSpan s_window = TimeSpan.FromMinutes(5);

    readonly TimeProvider _clock;
    readonly string _service;
    readonly Histogram<double> _latencies;
    readonly Counter<long> _calls;
    readonly RollingQuantiles _recentLatencies;
    readonly RollingSum _recentCalls;
    readonly ConcurrentDictionary<string, ErrorCount> _errors = new(StringComparer.Ordinal);

    public ApiMetrics(IMeterFactory meters, ServiceName service, TimeProvider clock)
    {
        _clock = clock;
        _service = service.Value;
        _recentLatencies = new RollingQuantiles(clock, s_window);
        _recentCalls = new RollingSum(clock, s_window);
        foreach (var type in (string[])["server_error", "client_error", "timeout"]) _errors[type] = new ErrorCount(clock);

        var meter = meters.Create("Veza.Api");
        _latencies = meter.CreateHistogram<double>("veza_api_latency_seconds", null, "API latency in seconds.");
        _calls = meter.CreateCounter<long>("api_calls_total", null, "API calls by endpoint and kind of user.");
        meter.Gauge("95th percentile of API response times of the last 5 minutes in seconds.",
            () => _recentLatencies.Quantile(0.95), "veza_api_response_time_p95");
        meter.Gauge("99th percentile of API response times of the last 5 minutes in seconds.",
            () => _recentLatencies.Quantile(0.99), "veza_api_response_time_p99");
        meter.Gauge("Share of API calls of the last 5 minutes that failed with a server error.", ErrorRate, "error_rate");
        meter.Counter("Errors by kind.", () => Errors(error => error.Total), "veza_errors_total");
        meter.Gauge("Errors per second over the last minute, by kind.", () => Errors(error => error.Recent.PerSecond), "veza_errors_rate");
    }

    /// <summary>Middleware: measures the calls of the service's own endpoints.</summary>
    public async Task MeasureAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } endpoint } || context.WebSockets.IsWebSocketRequest)
        {
            await next(context);
            if (context.Response.StatusCode == StatusCodes.Status404NotFound) Failed("client_error");
            return;
        }
        var start = _clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            var seconds = _clock.GetElapsedTime(start).TotalSeconds;
            _latencies.Record(seconds, Tag("endpoint", endpoint), Tag("method", context.Request.Method));
            _calls.Add(1, Tag("endpoint", endpoint), Tag("user_type", UserType.Of(context)));
            _recentLatencies.Add(seconds);
            _recentCalls.Add(1);
            switch (context.Response.StatusCode)
            {
                case StatusCodes.Status504GatewayTimeout: Failed("timeout"); break;
                case >= 500: Failed("server_error"); break;
                case >= 400: Failed("client_error"); break;
            }
        }
    }

    void Failed(string type)
    {
        var error = _errors[type];
        Interlocked.Increment(ref error.Total);
        error.Recent.Add(1);
        error.Window.Add(1);
    }

    double ErrorRate() => _recentCalls.Sum is > 0 and var calls
        ? Math.Min(1, (_errors["server_error"].Window.Sum + _errors["timeout"].Window.Sum) / calls)
        : 0;

    List<Measurement<double>> Errors(Func<ErrorCount, double> value) =>
        [.. _errors.Select(error => new Measurement<double>(value(error.Value), Tag("service", _service), Tag("error_type", error.Key)))];

    sealed class ErrorCount(TimeProvider clock)
    {
        public long Total;

        public RollingSum Recent { get; } = new(clock, TimeSpan.FromMinutes(1));

        public RollingSum Window { get; } = new(clock, s_window);
    }
}

/// <summary>The name of the running service, as its job is called.</summary>
public sealed record ServiceName(string Value);
