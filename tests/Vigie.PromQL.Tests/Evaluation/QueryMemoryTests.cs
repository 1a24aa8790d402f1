using Vigie.Model;
using Vigie.PromQL.Tests.Generation;

namespace Vigie.PromQL.Tests.Evaluation;

/// <summary>What a query may hold, and what it leaves to the garbage collector.</summary>
public class QueryMemoryTests
{
    const long StartMs = 1_700_000_000_000;

    /// <summary>Lists and dictionaries of the query itself may grow once more; samples would make far more than this.</summary>
    const long SlackBytes = 2048;

    static readonly string[] s_vectorQueries =
    [
        "rate(requests_total[5m])", "sum by (job) (rate(requests_total[5m]))", "avg_over_time(requests_total[5m])", "avg(requests_total) without (instance)",
        "requests_total / on (instance, job) gaps", "requests_total offset 1m", "gaps", "rate(gaps[5m]) + rate(gaps[5m])",
        "max_over_time(rate(requests_total[1m])[5m:1m])", "max by (job) (requests_total)", "irate(requests_total[5m])",
    ];

    public static TheoryData<string> VectorQueries => [.. s_vectorQueries];

    /// <summary>A scalar takes a number per step.</summary>
    public static TheoryData<string> AllQueries =>
        [.. s_vectorQueries, "topk(2, requests_total)", "quantile_over_time(0.5, requests_total[5m])", "requests_total * 2 > 10"];

    [Theory]
    [MemberData(nameof(AllQueries))]
    public void Allocation_DoesNotGrowWithSamples(string query)
    {
        long few = AllocatedBy(query, scrapeMs: 60_000, stepMs: 60_000), many = AllocatedBy(query, scrapeMs: 3_000, stepMs: 60_000);
        Assert.True(many <= few + SlackBytes, $"{query}: {few} bytes for few samples, {many} for 20 times as many");
    }

    [Theory]
    [MemberData(nameof(VectorQueries))]
    public void Allocation_DoesNotGrowWithSteps(string query)
    {
        long few = AllocatedBy(query, scrapeMs: 15_000, stepMs: 150_000), many = AllocatedBy(query, scrapeMs: 15_000, stepMs: 5_000);
        Assert.True(many <= few + SlackBytes, $"{query}: {few} bytes for few steps, {many} for 30 times as many");
    }

    static long AllocatedBy(string query, long scrapeMs, long stepMs)
    {
        var engine = new QueryEngine(new EngineOptions { Parallelism = 1 }, TimeProvider.System);
        var source = Source(scrapeMs);
        var expression = PromQLParser.Parse(query);
        long allocated = 0;
        // The first runs make the buffers.
        for (int run = 0; run < 4; run++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            engine.Range(source, expression, StartMs, StartMs + 3_600_000, stepMs, QueryOptions.Default, default).Dispose();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        return allocated;
    }

    static ArraySource Source(long scrapeMs, int series = 8, Action? onRead = null)
    {
        var source = new ArraySource { OnRead = onRead };
        for (int s = 0; s < series; s++)
        {
            var labels = Labels.Of((LabelNames.MetricName, "requests_total"), ("job", "j" + s % 3), ("instance", "i" + s));
            var times = Enumerable.Range(0, (int)(3_600_000 / scrapeMs) + 1).Select(i => i * scrapeMs).ToArray();
            source.Add(labels, times.Select(time => (StartMs + time, (double)time * (s + 1))));
            source.Add(labels.With(LabelNames.MetricName, "gaps"), times.Where(time => time / 600_000 % 2 == 0).Select(time => (StartMs + time, (double)time)));
        }
        return source;
    }

    [Fact]
    public void Range_OverTheMemoryLimit_NamesTheLimitAndTheWidestSelector()
    {
        var engine = new QueryEngine(new EngineOptions { MemoryBytesMax = 2 << 20 }, TimeProvider.System);
        var problem = Assert.Throws<QueryMemoryException>(() => engine.Range(Source(60_000, series: 40),
            PromQLParser.Parse("requests_total{job=\"j1\"} + on (instance) requests_total"), StartMs, StartMs + 10_999_000, 1000, QueryOptions.Default, default));
        Assert.Matches("^the query needs [23] MiB of memory, more than the 2 MiB that --query.max-memory allows. The selector requests_total has found 40 "
            + "series. Narrow its selectors, aggregate them, shorten the time range, or take a longer step$", problem.Message);
    }

    [Fact]
    public void Range_AggregatedOverManySeries_NeedsMemoryForItsGroups()
    {
        // 400 series × 3,600 steps would be 11 MiB; three groups need three rows, and a piece of a mebibyte is on its way.
        var engine = new QueryEngine(new EngineOptions { MemoryBytesMax = 3 << 20 }, TimeProvider.System);
        using var result = engine.Range(Source(60_000, series: 400), PromQLParser.Parse("sum by (job) (rate(requests_total[5m]))"), StartMs,
            StartMs + 3_599_000, 1000, QueryOptions.Default, default);
        Assert.Equal(3, ((MatrixValue)result.Value).Count);
        Assert.Throws<QueryMemoryException>(() => engine.Range(Source(60_000, series: 400), PromQLParser.Parse("rate(requests_total[5m])"), StartMs,
            StartMs + 3_599_000, 1000, QueryOptions.Default, default));
    }

    [Fact]
    public void Range_OverTheSampleLimit_SaysAsPrometheus()
    {
        var engine = new QueryEngine(new EngineOptions { SamplesMax = 1000 }, TimeProvider.System);
        var problem = Assert.Throws<TooManySamplesException>(() => engine.Range(
            Source(60_000), PromQLParser.Parse("requests_total"), StartMs, StartMs + 3_600_000, 15_000, QueryOptions.Default, default));
        Assert.Equal("query processing would load too many samples into memory in query execution", problem.Message);
    }

    [Fact]
    public void Range_CancelledWhileRowsAreComputed_Stops()
    {
        using var client = new CancellationTokenSource();
        var engine = new QueryEngine(new EngineOptions { Parallelism = 1 }, TimeProvider.System);
        var source = Source(60_000, onRead: client.Cancel);
        Assert.Throws<QueryCanceledException>(() => engine.Range(
            source, PromQLParser.Parse("sum(requests_total)"), StartMs, StartMs + 3_600_000, 15_000, QueryOptions.Default, client.Token));
        Assert.Equal(1, source.Reads);
    }
}
