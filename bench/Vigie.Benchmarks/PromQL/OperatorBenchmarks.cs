using BenchmarkDotNet.Attributes;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Benchmarks.PromQL;

/// <summary>
/// Single operators over 2,000 series. The column "Allocated" must not grow with the samples: what holds them is pooled. Range queries of 240 steps
/// that end with the newest sample, whose windows grow with the number of samples.
/// </summary>
[MemoryDiagnoser]
[ShortRunJob]
public class OperatorBenchmarks
{
    const int Series = 2000, Steps = 240;

    readonly QueryEngine _engine = new(new EngineOptions { Parallelism = 1 }, TimeProvider.System);
    ColumnSource _source = null!;
    Expression _expression = null!;

    [Params(480, 4800)]
    public int Samples { get; set; }

    [Params("http_requests_total", "sum by (endpoint) (http_requests_total)", "avg by (endpoint) (http_requests_total)",
        "max by (endpoint) (http_requests_total)", "count(http_requests_total)", "topk by (endpoint) (3, http_requests_total)",
        "rate(http_requests_total[5m])", "sum by (endpoint) (rate(http_requests_total[5m]))", "irate(http_requests_total[5m])",
        "avg_over_time(http_requests_total[5m])", "rate(http_requests_total[5m]) / rate(http_requests_total[5m])", "-http_requests_total > 0")]
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
        long stepMs = Samples * ColumnSource.ScrapeMs / Steps / 2, end = ColumnSource.StartMs + Samples * ColumnSource.ScrapeMs;
        using var result = _engine.Range(_source, _expression, end - Steps * stepMs, end, stepMs, QueryOptions.Default, default);
        return ((MatrixValue)result.Value).Count;
    }
}
