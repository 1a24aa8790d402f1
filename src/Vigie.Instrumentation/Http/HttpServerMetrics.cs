using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

using Tag = KeyValuePair<string, object?>;

/// <summary>The HTTP metrics of a server. Endpoints are route templates, never paths, so that their number is bounded.</summary>
sealed class HttpServerMetrics
{
    public const string MeterName = "Vigie.Http";
    public const string Unmatched = "unmatched";

    const int StatusMin = 100;
    const int StatusMax = 599;

    static readonly InstrumentAdvice<long> s_sizes =
        new() { HistogramBucketBoundaries = [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000] };

    static readonly string[] s_statuses =
        [.. Enumerable.Range(StatusMin, StatusMax - StatusMin + 1).Select(status => status.ToString("D"))];

    readonly Counter<long> _requests;
    readonly Histogram<double> _durations;
    readonly Histogram<long> _requestSizes;
    readonly Histogram<long> _responseSizes;
    readonly UpDownCounter<long> _inFlight;

    public HttpServerMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("http_requests_total", null, "Total number of HTTP requests.");
        _durations = meter.CreateHistogram<double>("http_request_duration_seconds", "s", "HTTP request duration in seconds.");
        _requestSizes = meter.CreateHistogram("http_request_size_bytes", "By", "HTTP request body size in bytes.", null, s_sizes);
        _responseSizes = meter.CreateHistogram("http_response_size_bytes", "By", "HTTP response body size in bytes.", null, s_sizes);
        _inFlight = meter.CreateUpDownCounter<long>("http_requests_in_flight", null, "HTTP requests being served.");
        _inFlight.Add(0); // a gauge that exists from the start
    }

    public void Started() => _inFlight.Add(1);

    public void Ended() => _inFlight.Add(-1);

    public void Counted(string method, string endpoint, int status) =>
        _requests.Add(1, new Tag("method", Method(method)), new Tag("endpoint", endpoint), new Tag("status", Status(status)));

    public void Measured(string method, string endpoint, double seconds, long requestBytes, long responseBytes)
    {
        var methodTag = new Tag("method", Method(method));
        var endpointTag = new Tag("endpoint", endpoint);
        _durations.Record(seconds, methodTag, endpointTag);
        _requestSizes.Record(requestBytes, methodTag, endpointTag);
        _responseSizes.Record(responseBytes, methodTag, endpointTag);
    }

    /// <summary>A client can send any word as method: those that no standard knows share one label value.</summary>
    static string Method(string method) => method switch
    {
        "GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "HEAD" or "OPTIONS" or "TRACE" or "CONNECT" => method,
        _ => "OTHER",
    };

    static string Status(int status) => status is >= StatusMin and <= StatusMax ? s_statuses[status - StatusMin] : "other";
}
