using Vigie.Model;
using Vigie.PromQL.Testing;

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
        var store = new CountingSource(Store());
        using var result = s_engine.Range(store, PromQLParser.Parse(query), StartMs, EndMs, 15_000, QueryOptions.Default, default);
        Assert.Equal(selections, store.Selections);
    }

    [Theory]
    [InlineData("rate(a_total[1m]) / rate(a_total[1m])", 0)]
    [InlineData("sum by (job) (rate(a_total[1m])) + on (job) sum by (job) (rate(a_total[1m]))", 0)]
    public void Evaluate_ReadsSharedSeriesOnce(string query, int again)
    {
        var store = new CountingSource(Store());
        using var result = s_engine.Range(store, PromQLParser.Parse(query), StartMs, EndMs, 15_000, QueryOptions.Default, default);
        Assert.Equal(4 + again, store.Reads);
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
        for (int i = 0; i <= 40; i++) store.Add(Labels.Of((LabelNames.MetricName, "two")), StartMs + i * 15_000, 2);
        using var result = s_engine.Range(store, expression, StartMs, EndMs, 15_000, QueryOptions.Default, default);
        var matrix = Assert.IsType<MatrixValue>(result.Value);
        Assert.Equal(4, matrix.Count);
        Assert.All(matrix.ValuesOf(0).ToArray(), value => Assert.Equal(2, value));
    }

    static MemorySampleStore Store()
    {
        var store = new MemorySampleStore();
        for (int series = 0; series < 4; series++)
            for (int i = 0; i <= 40; i++)
                store.Add(Labels.Of((LabelNames.MetricName, "a_total"), ("job", "j" + series)), StartMs + i * 15_000, i * (series + 1));
        return store;
    }

    sealed class CountingSource(ISampleSource inner) : ISampleSource
    {
        int _selections, _reads;

        public int Selections => _selections;
        public int Reads => _reads;

        public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation)
        {
            _selections++;
            return new CountingSet(this, inner.Select(matchers, range, hints, cancellation));
        }

        public IReadOnlyList<string> LabelNames(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) => [];

        public IReadOnlyList<string> LabelValues(
            string name, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) => [];

        sealed class CountingSet(CountingSource source, ISeriesSet set) : ISeriesSet
        {
            public int Count => set.Count;
            public Labels LabelsOf(int index) => set.LabelsOf(index);

            public void Read(int index, SampleColumns output)
            {
                Interlocked.Increment(ref source._reads);
                set.Read(index, output);
            }

            public void Dispose() => set.Dispose();
        }
    }
}
