using Vigie.Model;
using Vigie.PromQL.Tests.Generation;

namespace Vigie.PromQL.Tests.Evaluation;

/// <summary>Aggregations folded by several threads: the same bits, whichever way the rows are divided.</summary>
public class FoldingTests
{
    const long StartMs = 1_700_000_000_000;

    [Theory]
    [InlineData("sum by (group) (x)")]
    [InlineData("sum by (lopsided) (x)")]
    [InlineData("sum(x)")]
    [InlineData("avg by (group) (x)")]
    [InlineData("avg without (instance, lopsided) (x * 1e300)")]
    [InlineData("min by (group) (x)")]
    [InlineData("max by (lopsided) (x)")]
    [InlineData("count by (group) (x > 0)")]
    [InlineData("group by (group) (x)")]
    [InlineData("stddev by (group) (x)")]
    [InlineData("topk by (group) (3, x)")]
    [InlineData("bottomk by (lopsided) (3, x)")]
    [InlineData("quantile by (group) (0.3, x)")]
    public void Aggregate_ByAnyNumberOfThreads_GivesTheSameBits(string query)
    {
        var source = Source();
        ulong[] expected = Bits(source, query, threads: 1);
        foreach (int threads in (int[])[2, 3, 8]) Assert.Equal(expected, Bits(source, query, threads));
    }

    [Fact]
    public void Aggregate_AddsInTheOrderOfSeries()
    {
        // Sums depend on the order; this one is that of the labels, and the groups' rows stand far apart.
        var source = Source();
        var sums = new double[100];
        var compensations = new double[100];
        for (int series = 0; series < 1000; series++) KahanSum.Add(Value(series, 0), ref sums[series % 100], ref compensations[series % 100]);
        var engine = new QueryEngine(new EngineOptions { Parallelism = 4 }, TimeProvider.System);
        using var result = engine.Instant(source, PromQLParser.Parse("sum by (group) (x)"), StartMs, QueryOptions.Default, default);
        var vector = (VectorValue)result.Value;
        Assert.Equal(100, vector.Count);
        for (int group = 0; group < 100; group++) Assert.Equal(sums[group] + compensations[group], vector.ValueOf(group));
    }

    static ulong[] Bits(ISampleSource source, string query, int threads)
    {
        var engine = new QueryEngine(new EngineOptions { Parallelism = threads }, TimeProvider.System);
        using var result = engine.Range(source, PromQLParser.Parse(query), StartMs, StartMs + 15_000 * 20, 15_000, QueryOptions.Default, default);
        var matrix = (MatrixValue)result.Value;
        var bits = new List<ulong>();
        for (int i = 0; i < matrix.Count; i++)
        {
            bits.Add(matrix.LabelsOf(i).StableHash);
            foreach (double value in matrix.ValuesOf(i)) bits.Add(BitConverter.DoubleToUInt64Bits(value));
        }
        return [.. bits];
    }

    static double Value(int series, int sample) => Math.Sin(series * 7919 + sample) * Math.Pow(10, series % 13 - 6);

    static ArraySource Source()
    {
        var source = new ArraySource();
        for (int series = 0; series < 1000; series++)
        {
            int index = series;
            var labels = Labels.Of((LabelNames.MetricName, "x"), ("instance", $"i{series:0000}"), ("group", $"g{series % 100:00}"),
                ("lopsided", series < 900 ? "most" : "l" + series));
            source.Add(labels, Enumerable.Range(0, 21).Where(i => (index + i) % 11 != 0 || i == 0).Select(i => (StartMs + i * 15_000L, Value(index, i))));
        }
        return source;
    }
}
