using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http.Features;
using Vigie.Instrumentation;

namespace Vigie.Server.Http;

/// <summary>Requests by endpoint, under the names and with the buckets that Prometheus has for them.</summary>
sealed class HttpMetrics : IDisposable
{
    readonly Meter _meter = new("Vigie.Server.Http");
    readonly Counter<long> _requests;
    readonly Histogram<double> _durations;
    readonly Histogram<double> _sizes;

    public HttpMetrics()
    {
        _requests = _meter.CreateCounter<long>("prometheus_http_requests_total", null, "Counter of HTTP requests.");
        _durations = _meter.CreateHistogram("prometheus_http_request_duration_seconds", "s", "Histogram of latencies for HTTP requests.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.4, 1, 3, 8, 20, 60, 120] });
        _sizes = _meter.CreateHistogram("prometheus_http_response_size_bytes", "By", "Histogram of response size for HTTP requests.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9] });
    }

    /// <summary>
    /// Measures the bodies of those endpoints, as they are sent: it stands before compression in the pipeline of a surface.
    /// </summary>
    public void MeasureBodies(IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        var inner = http.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var body = new CountingResponseBody(inner);
        var answer = new MeasuredAnswer();
        http.Features.Set<IHttpResponseBodyFeature>(body);
        http.Features.Set(answer);
        try
        {
            await next(http);
        }
        finally
        {
            http.Features.Set(inner);
            if (answer.Handler is { } handler) _sizes.Record(body.Bytes, handler);
        }
    });

    /// <summary>Counts and times the endpoints that are mapped into <paramref name="routes"/>, which stands under <paramref name="prefix"/>.</summary>
    public void Measure(RouteGroupBuilder routes, string prefix) => ((IEndpointConventionBuilder)routes).Add(endpoint =>
    {
        if (endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } pattern } || endpoint.RequestDelegate is not { } handle) return;
        var handler = KeyValuePair.Create<string, object?>("handler", HandlerOf(pattern, prefix));
        _requests.Add(0, handler, KeyValuePair.Create<string, object?>("code", StatusCodes.Status200OK)); // all are listed from the start
        endpoint.RequestDelegate = async http =>
        {
            if (http.Features.Get<MeasuredAnswer>() is { } answer) answer.Handler = handler;
            long started = Stopwatch.GetTimestamp();
            try
            {
                await handle(http);
            }
            finally
            {
                _durations.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, handler);
                _requests.Add(1, handler, KeyValuePair.Create<string, object?>("code", http.Response.StatusCode));
            }
        };
    });

    /// <summary><c>/api/v1/label/{name}/values</c> → <c>/api/v1/label/:name/values</c>.</summary>
    static string HandlerOf(string pattern, string prefix) => pattern[prefix.Length..].Replace("{", ":", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    public void Dispose() => _meter.Dispose();

    /// <summary>Carries the name of the endpoint out to where the body is counted; null for what is not measured.</summary>
    sealed class MeasuredAnswer
    {
        public KeyValuePair<string, object?>? Handler { get; set; }
    }
}
