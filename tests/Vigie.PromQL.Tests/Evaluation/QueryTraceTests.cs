using Vigie.Model;
using Vigie.PromQL.Testing;

namespace Vigie.PromQL.Tests.Evaluation;

public class QueryTraceTests
{
    const long StepMs = 15_000;
    readonly MemorySampleStore _store = new();

    public QueryTraceTests()
    {
        for (int series = 0; series < 3; series++)
            for (int t = 0; t < 40; t++) _store.Add(Labels.Of(("__name__", "x_total"), ("i", $"{series}")), t * StepMs, t * (series + 1));
    }

    [Fact]
    public void Trace_IsTheTreeOfTheExpressionWithWhatEachPartTook()
    {
        var trace = new QueryTrace(TimeProvider.System);
        using var traced = Range("sum(rate(x_total[1m])) / 2", new QueryOptions { Trace = trace });
        using var plain = Range("sum(rate(x_total[1m])) / 2", QueryOptions.Default);
        Assert.Equal(((MatrixValue)plain.Value).ValuesOf(0).ToArray(), ((MatrixValue)traced.Value).ValuesOf(0).ToArray());

        var root = trace.Root!;
        Assert.Equal("sum(rate(x_total[1m])) / 2", root.Text);
        Assert.Equal(1, root.Series);
        var sum = Assert.Single(root.Below);
        Assert.Equal(20, sum.Samples);
        var rate = Assert.Single(sum.Below);
        Assert.Equal(("rate(x_total[1m])", 3), (rate.Text, rate.Series));
        Assert.Equal(3 * 20, rate.Samples);
        var selector = Assert.Single(rate.Below);
        Assert.Equal(("x_total[1m]", 3), (selector.Text, selector.Series));
        Assert.Equal(3 * (20 + 3), selector.Samples);
        Assert.StartsWith("select series from 1970-01-01T00:04:00", Assert.Single(selector.Below).Text, StringComparison.Ordinal);
        Assert.True(trace.Elapsed(root) > TimeSpan.Zero);
    }

    [Theory]
    [InlineData("x_total")]
    [InlineData("rate(x_total[1m])")]
    [InlineData("sum(x_total) + on() group_left() sum(rate(x_total[1m]))")]
    public void StatisticsPerStep_AddUpToTheTotal(string query)
    {
        using var counted = Range(query, new QueryOptions { StatisticsPerStep = true });
        using var plain = Range(query, QueryOptions.Default);
        Assert.Equal(plain.Statistics.TotalQueryableSamples, counted.Statistics.TotalQueryableSamples);
        Assert.Equal(20, counted.Statistics.SamplesPerStep!.Count);
        Assert.Equal(counted.Statistics.TotalQueryableSamples, counted.Statistics.SamplesPerStep.Sum());
        Assert.Null(plain.Statistics.SamplesPerStep);
    }

    [Fact]
    public void Finished_IsToldOfSuccessAndFailure()
    {
        var finished = new List<FinishedQuery>();
        var engine = new QueryEngine(new EngineOptions(), TimeProvider.System) { Finished = finished.Add };
        engine.Instant(_store, PromQLParser.Parse("x_total"), 60_000, new QueryOptions { Origin = "me" }, default).Dispose();
        Assert.Throws<QueryEvaluationException>(() => engine.Instant(_store, PromQLParser.Parse("x_total + on() x_total"), 60_000, QueryOptions.Default, default));
        Assert.Equal(("me", null, 60_000L, 0L), (finished[0].Origin, finished[0].Error, finished[0].EndMs, finished[0].StepMs));
        Assert.Equal(3, finished[0].Statistics!.TotalQueryableSamples);
        Assert.Contains("many-to-many", finished[1].Error!, StringComparison.Ordinal);
        Assert.Null(finished[1].Statistics);
    }

    QueryResult Range(string query, QueryOptions options) => new QueryEngine(new EngineOptions(), TimeProvider.System)
        .Range(_store, PromQLParser.Parse(query), 20 * StepMs, 39 * StepMs, StepMs, options, default);
}
