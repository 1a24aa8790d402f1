using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Vigie.Server.Http;

/// <summary>Requests by endpoint, under the names and with the buckets that Prometheus has for them.</summary>
sealed class HttpMetrics : IDisposable
{
    readonly Meter _meter = new("Vigie.Server.Http");
    readonly Counter<long> _requests;
    readonly Histogram<double> _durations;

    public HttpMetrics()
    {
        _requests = _meter.CreateCounter<long>("prometheus_http_requests_total", null, "Counter of HTTP requests.");
        _durations = _meter.CreateHistogram("prometheus_http_request_duration_seconds", "s", "Histogram of latencies for HTTP requests.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.2, 0.4, 1, 3, 8, 20, 60, 120] });
    }

    /// <summary>Counts and times the endpoints that are mapped into <paramref name="routes"/>, which stands under <paramref name="prefix"/>.</summary>
    public void Measure(RouteGroupBuilder routes, string prefix) => ((IEndpointConventionBuilder)routes).Add(endpoint =>
    {
        if (endpoint is not RouteEndpointBuilder { RoutePattern.RawText: { } pattern } || endpoint.RequestDelegate is not { } handle) return;
        var handler = KeyValuePair.Create<string, object?>("handler", HandlerOf(pattern, prefix));
        endpoint.RequestDelegate = async http =>
        {
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
}
