using System.Globalization;
using Vigie.Model;
using Vigie.PromQL.Testing;
using Vigie.PromQL.Tests.Generation;
using Vigie.Testing;

namespace Vigie.PromQL.Tests.Evaluation;

/// <summary>What must hold for every query, tried with queries and series from seeds.</summary>
public class EngineProperties
{
    const int QueriesPerSeed = 60;
    const long StartMs = RandomSeries.StartMs + 300_000, EndMs = StartMs + 1_200_000, StepMs = 47_000;

    static readonly QueryEngine s_sequential = new(new EngineOptions { Parallelism = 1 }, TimeProvider.System);

    public static TheoryData<ulong> Seeds() => [.. SeededRandom.Seeds(8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Range_EqualsInstantAtEachStep(ulong seed) => ForEachQuery(seed, (store, query) =>
    {
        var expression = PromQLParser.Parse(query, ParserOptions.AllExperimental);
        var whole = Describe(() => s_sequential.Range(store, expression, StartMs, EndMs, StepMs, QueryOptions.Default, default));
        var steps = new List<string>();
        string? failure = null;
        for (long time = StartMs; time <= EndMs && failure is null; time += StepMs)
        {
            long at = time;
            var one = Describe(() => s_sequential.Instant(store, expression, at, QueryOptions.Default, default));
            if (one is [var line] && line.StartsWith("failed", StringComparison.Ordinal)) failure = line;
            steps.AddRange(one);
        }
        // A query that fails at one step fails as a whole, though perhaps over another step.
        if (failure is not null || whole is ["failed: " + Messages.SameLabels]) return;
        steps.Sort(StringComparer.Ordinal);
        Assert.Equal(steps.Count, whole.Count);
        for (int i = 0; i < steps.Count; i++) Assert.True(Same(steps[i], whole[i]), $"instant: {steps[i]}, range: {whole[i]}");
    });

    /// <summary>topk inside another aggregation gives its series in another order at an instant, so sums may differ in the last digits.</summary>
    static bool Same(string left, string right)
    {
        int at = left.LastIndexOf(' ');
        if (left == right) return true;
        return at == right.LastIndexOf(' ') && left[..at] == right[..at]
            && ulong.TryParse(left[at..], NumberStyles.HexNumber, null, out ulong l) && ulong.TryParse(right[at..], NumberStyles.HexNumber, null, out ulong r)
            && NearlyEqual.Numbers(BitConverter.UInt64BitsToDouble(l), BitConverter.UInt64BitsToDouble(r));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Parallel_EqualsSequential(ulong seed)
    {
        var random = new SeededRandom(seed);
        var store = RandomSeries.Make(random, seriesPerMetric: 150);
        var parallel = new QueryEngine(new EngineOptions { Parallelism = 4 }, TimeProvider.System);
        var queries = new RandomQuery(random);
        for (int i = 0; i < 6; i++)
        {
            string query = queries.Next();
            var expression = PromQLParser.Parse(query, ParserOptions.AllExperimental);
            var expected = Describe(() => s_sequential.Range(store, expression, StartMs, EndMs, StepMs, QueryOptions.Default, default));
            var found = Describe(() => parallel.Range(store, expression, StartMs, EndMs, StepMs, QueryOptions.Default, default));
            Assert.True(expected.SequenceEqual(found), query);
        }
    }

    static void ForEachQuery(ulong seed, Action<MemorySampleStore, string> check)
    {
        var random = new SeededRandom(seed);
        var store = RandomSeries.Make(random);
        var queries = new RandomQuery(random);
        for (int i = 0; i < QueriesPerSeed; i++)
        {
            string query = queries.Next();
            try
            {
                check(store, query);
            }
            catch (Exception problem)
            {
                throw new InvalidOperationException($"seed {seed}: {query}: {problem.Message}", problem);
            }
        }
    }

    /// <summary>A line per sample, sorted, bits of floats included; or the failure.</summary>
    static List<string> Describe(Func<QueryResult> run)
    {
        var lines = new List<string>();
        try
        {
            using var result = run();
            switch (result.Value)
            {
                case VectorValue vector:
                    for (int i = 0; i < vector.Count; i++)
                        lines.Add(Line(vector.LabelsOf(i), vector.TimestampMs, vector.ValueOf(i), vector.HistogramOf(i)));
                    break;
                case MatrixValue matrix:
                    for (int i = 0; i < matrix.Count; i++)
                    {
                        var histograms = matrix.HistogramsOf(i);
                        for (int s = 0; s < matrix.SampleCountOf(i); s++)
                            lines.Add(Line(matrix.LabelsOf(i), matrix.TimestampsOf(i)[s], matrix.ValuesOf(i)[s], histograms.IsEmpty ? null : histograms[s]));
                    }
                    break;
                default:
                    lines.Add(result.Value.ToString()!);
                    break;
            }
        }
        catch (QueryEvaluationException problem)
        {
            return ["failed: " + problem.Message];
        }
        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    static string Line(Labels labels, long time, double value, FloatHistogram? histogram) =>
        $"{labels} {time} {(histogram is null ? double.IsNaN(value) ? "NaN" : BitConverter.DoubleToUInt64Bits(value).ToString("x") : histogram.ToString())}";
}
