using Vigie.Model;
using Vigie.PromQL.Tests.Generation;

namespace Vigie.PromQL.Tests.Evaluation;

public class SharingTests
{
    const long StartMs = 1_700_000_000_000, EndMs = StartMs + 600_000;

    static readonly QueryEngine s_engine = new(new EngineOptions(), TimeProvider.System);

    [Theory]
    [InlineData("rate(a_total[1m]) / rate(a_total[1m])", 1)]
    [InlineData("sum(rate(a_total[1m])) / (sum(rate(a_total[1m])) + 1)", 1)]
    [InlineData("a_total - a_total offset 1m", 2)]
    [InlineData("rate(a_total[1m]) + increase(a_total[1m])", 1)]
    [InlineData("rate(a_total[1m]) + rate(a_total[2m])", 2)]
    [InlineData("max_over_time(a_total[1m:15s]) + max_over_time(a_total[1m:30s])", 2)]
    [InlineData("a_total + a_total + a_total", 1)]
    public void Evaluate_SelectsEqualSelectorsOnce(string query, int selections)
    {
        var store = Store();
        using var result = s_engine.Range(store, PromQLParser.Parse(query), StartMs, EndMs, 15_000, QueryOptions.Default, default);
        Assert.Equal(selections, store.Selections);
    }

    [Theory]
    [InlineData("rate(a_total[1m]) / rate(a_total[1m])")]
    [InlineData("sum by (job) (rate(a_total[1m])) + on (job) sum by (job) (rate(a_total[1m]))")]
    public void Evaluate_ReadsSharedSeriesOnce(string query)
    {
        var store = Store();
        using var result = s_engine.Range(store, PromQLParser.Parse(query), StartMs, EndMs, 15_000, QueryOptions.Default, default);
        Assert.Equal(4, store.Reads);
    }

    [Fact]
    public void Statistics_CountSharedSamplesForEachUse()
    {
        long Loaded(string query)
        {
            using var result = s_engine.Range(Store(), PromQLParser.Parse(query), StartMs, EndMs, 15_000, QueryOptions.Default, default);
            return result.Statistics.TotalQueryableSamples;
        }
        Assert.Equal(2 * Loaded("rate(a_total[1m])"), Loaded("rate(a_total[1m]) / rate(a_total[1m])"));
        Assert.Equal(2 * Loaded("sum(a_total)"), Loaded("sum(a_total) + sum(a_total)"));
    }

    [Fact]
    public void Ratio_DoesNotChangeItsParameterForOthers()
    {
        var expression = PromQLParser.Parse("limit_ratio(scalar(two), a_total) * 0 + scalar(two)", ParserOptions.AllExperimental);
        var store = Store();
        using var result = s_engine.Range(store, expression, StartMs, EndMs, 15_000, QueryOptions.Default, default);
        var matrix = Assert.IsType<MatrixValue>(result.Value);
        Assert.Equal(4, matrix.Count);
        Assert.All(matrix.ValuesOf(0).ToArray(), value => Assert.Equal(2, value));
    }

    static ArraySource Store()
    {
        var store = new ArraySource();
        for (int series = 0; series < 4; series++)
            store.Add(Labels.Of((LabelNames.MetricName, "a_total"), ("job", "j" + series)), Samples(i => i * (series + 1)));
        store.Add(Labels.Of((LabelNames.MetricName, "two")), Samples(_ => 2));
        return store;
    }

    static IEnumerable<(long, double)> Samples(Func<int, double> value) => Enumerable.Range(0, 41).Select(i => (StartMs + i * 15_000L, value(i)));
}
