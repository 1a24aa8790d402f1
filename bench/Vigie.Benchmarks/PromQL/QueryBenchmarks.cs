using BenchmarkDotNet.Attributes;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Benchmarks.PromQL;

/// <summary>Whole range queries: an hour at 15 s steps over two hours of samples.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class QueryBenchmarks
{
    const int Samples = 480;

    readonly QueryEngine _engine = new(new EngineOptions(), TimeProvider.System);
    ColumnSource _source = null!;
    Expression _expression = null!;

    [Params(100, 5000)]
    public int Series { get; set; }

    [Params("rate(http_requests_total[5m])", "sum by (endpoint) (rate(http_requests_total[5m]))",
        "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
        "histogram_quantile(0.95, rate(http_request_duration_seconds_bucket[5m]))",
        "http_requests_total / on (instance, endpoint) http_request_duration_seconds_bucket", "max_over_time(http_requests_total[1h])",
        "topk(10, http_requests_total)")]
    public string Query { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _source = new ColumnSource(Series, Samples);
        _expression = PromQLParser.Parse(Query);
    }

    [Benchmark]
    public int Range()
    {
        const long End = ColumnSource.StartMs + Samples * ColumnSource.ScrapeMs;
        using var result = _engine.Range(_source, _expression, End - 3_600_000, End, 15_000, QueryOptions.Default, default);
        return ((MatrixValue)result.Value).Count;
    }

    [Benchmark]
    public int Instant()
    {
        using var result = _engine.Instant(
            _source, _expression, ColumnSource.StartMs + Samples * ColumnSource.ScrapeMs, QueryOptions.Default, default);
        return ((VectorValue)result.Value).Count;
    }
}
