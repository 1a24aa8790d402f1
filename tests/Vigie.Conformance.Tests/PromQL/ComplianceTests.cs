using System.Globalization;
using System.Text.Json.Nodes;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.Testing;

namespace Vigie.Conformance.Tests.PromQL;

/// <summary>promql/compliance_*.json: the queries of the compliance suite over the demo data, against the answers of a released Prometheus.</summary>
public sealed class ComplianceTests
{
    const double Tolerance = 1e-5;

    static readonly QueryEngine s_engine = new(new EngineOptions(), TimeProvider.System);

    [Fact]
    public void Queries() => VectorFile.Check("promql/compliance_queries.json", test =>
    {
        bool fails = false;
        try
        {
            PromQLParser.Parse(test["query"]!.ToString());
        }
        catch (PromQLParseException)
        {
            fails = true;
        }
        // Some are refused only in the evaluation: compliance_results.json has them.
        return fails && !(bool)test["should_fail"]! ? "refused" : null;
    });

    [Fact]
    public void Results()
    {
        if (!ConformanceData.IsPresent) return;
        var store = DemoStore.Load();
        var file = JsonNode.Parse(File.ReadAllText(ConformanceData.PathOf("promql", "compliance_results.json")))!;
        long start = Ms(file["start"]!), end = Ms(file["end"]!), step = Ms(file["step"]!), time = Ms(file["time"]!);
        VectorFile.Check("promql/compliance_results.json", test =>
        {
            string query = test["query"]!.ToString();
            return Compare("instant", test["instant"]!, query,
                    e => s_engine.Instant(store, e, time, QueryOptions.Default, TestContext.Current.CancellationToken))
                ?? Compare("range", test["range"]!, query,
                    e => s_engine.Range(store, e, start, end, step, QueryOptions.Default, TestContext.Current.CancellationToken));
        });
    }

    static long Ms(JsonNode seconds) => (long)Math.Round(seconds.GetValue<double>() * 1000);

    static string? Compare(string kind, JsonNode expected, string query, Func<Expression, QueryResult> run)
    {
        QueryResult result;
        try
        {
            result = run(PromQLParser.Parse(query));
        }
        catch (Exception problem) when (problem is PromQLParseException or QueryEvaluationException)
        {
            if (expected["error"] is not { } error) return $"{query}: {kind}: refused: {problem.Message}";
            return error.ToString().EndsWith(problem.Message, StringComparison.Ordinal) ? null : $"{query}: {kind}: found {problem.Message}, expected {error}";
        }
        using (result)
        {
            if (expected["error"] is not null) return $"{query}: {kind}: succeeded, expected {expected["error"]}";
            bool ordered = kind == "instant" && (query.StartsWith("topk", StringComparison.Ordinal)
                || query.StartsWith("bottomk", StringComparison.Ordinal) || query.StartsWith("sort", StringComparison.Ordinal));
            string? difference = Difference(expected, result.Value, ordered);
            return difference is null ? null : $"{query}: {kind}: {difference}";
        }
    }

    static string? Difference(JsonNode expected, QueryValue found, bool ordered)
    {
        string type = expected["resultType"]!.ToString();
        var wanted = expected["result"]!.AsArray();
        switch (found)
        {
            case ScalarValue scalar:
                return type != "scalar" ? $"found a scalar, expected a {type}" : Same(wanted, scalar.TimestampMs, scalar.Value);
            case StringValue text:
                return type == "string" && wanted[1]!.ToString() == text.Text ? null : $"found the string {text.Text}";
            case VectorValue vector:
                return type != "vector" ? $"found a vector, expected a {type}" : Match(wanted, vector.Count, vector.LabelsOf, ordered,
                    (series, i) => Same(series["value"]!.AsArray(), vector.TimestampMs, vector.ValueOf(i)));
            case MatrixValue matrix:
                return type != "matrix" ? $"found a matrix, expected a {type}" : Match(wanted, matrix.Count, matrix.LabelsOf, ordered: false,
                    (series, i) => Same(series["values"]!.AsArray(), matrix.TimestampsOf(i), matrix.ValuesOf(i)));
            default:
                return "found nothing known";
        }
    }

    static string? Match(JsonArray wanted, int count, Func<int, Labels> labelsOf, bool ordered, Func<JsonNode, int, string?> compare)
    {
        if (wanted.Count != count) return $"found {count} series, expected {wanted.Count}";
        var byLabels = new Dictionary<Labels, int>();
        for (int i = 0; i < count; i++) byLabels[labelsOf(i)] = i;
        for (int i = 0; i < count; i++)
        {
            var labels = Labels.From(wanted[i]!["metric"]!.AsObject().Select(p => KeyValuePair.Create(p.Key, p.Value!.ToString())));
            if (!byLabels.TryGetValue(labels, out int at)) return $"no series {labels}";
            if (ordered && at != i) return $"{labels} is number {at}, expected {i}";
            if (compare(wanted[i]!, at) is { } difference) return $"{labels}: {difference}";
        }
        return null;
    }

    static string? Same(JsonArray wanted, ReadOnlySpan<long> timestamps, ReadOnlySpan<double> values)
    {
        if (wanted.Count != values.Length) return $"found {values.Length} samples, expected {wanted.Count}";
        for (int i = 0; i < values.Length; i++)
            if (Same(wanted[i]!.AsArray(), timestamps[i], values[i]) is { } difference) return difference;
        return null;
    }

    static string? Same(JsonArray wanted, long timestampMs, double value)
    {
        if (Ms(wanted[0]!) != timestampMs) return $"found a sample at {timestampMs}, expected {wanted[0]}";
        GoNumber.TryParse(wanted[1]!.ToString(), out double expected);
        bool same = expected.Equals(value) || Math.Abs(expected - value) <= Tolerance * Math.Max(Math.Abs(expected), Math.Abs(value));
        return same ? null : string.Create(CultureInfo.InvariantCulture, $"at {timestampMs}: found {value:R}, expected {expected:R}");
    }
}
