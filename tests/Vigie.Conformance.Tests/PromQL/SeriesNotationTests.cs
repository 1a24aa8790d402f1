using System.Text.Json.Nodes;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.PromQL.Testing;

namespace Vigie.Conformance.Tests.PromQL;

/// <summary>promql/parser/series_notation.json.</summary>
public sealed class SeriesNotationTests
{
    [Fact]
    public void Notation() => VectorFile.Check("promql/parser/series_notation.json", test =>
    {
        SeriesDescription series;
        try
        {
            series = SeriesNotation.Parse(test["input"]!.ToString());
        }
        catch (PromQLParseException problem)
        {
            return (bool)test["ok"]! ? $"refused: {problem.Message}" : null;
        }
        if (!(bool)test["ok"]!) return $"accepted, expected {test["error"]}";
        var labels = Labels.From(test["labels"]!.AsObject().Select(p => KeyValuePair.Create(p.Key, p.Value!.ToString())));
        if (labels != series.Labels) return $"found labels {series.Labels}, expected {labels}";
        string found = string.Join(' ', series.Values.Select(Print));
        string expected = string.Join(' ', test["values"]!.AsArray().Select(Print));
        return found == expected ? null : $"found {found}, expected {expected}";
    });

    static string Print(SequenceValue value)
    {
        if (value.IsOmitted) return "_";
        if (value.Histogram is not { } h) return StaleMarker.IsStale(value.Value) ? "stale" : GoNumber.FormatFixed(value.Value);
        return $"{{{value.HintGiven} {h.CounterResetHint} {h.Schema} {GoNumber.FormatFixed(h.Sum)} {GoNumber.FormatFixed(h.Count)} "
            + $"{GoNumber.FormatFixed(h.ZeroCount)} {GoNumber.FormatFixed(h.ZeroThreshold)} "
            + $"{string.Join(',', h.PositiveSpans.Select(s => $"{s.Offset}:{s.Length}"))} {Numbers(h.PositiveBuckets)} "
            + $"{string.Join(',', h.NegativeSpans.Select(s => $"{s.Offset}:{s.Length}"))} {Numbers(h.NegativeBuckets)} "
            + $"{Numbers(h.CustomValues)}}}";

        static string Numbers(double[] numbers) => string.Join(',', numbers.Select(GoNumber.FormatFixed));
    }

    static string Print(JsonNode? value)
    {
        if (value is null) return "_";
        if (value is not JsonObject entry) return value.ToString();
        var h = entry["histogram"]!;
        string hint = h["counterResetHint"]!.ToString() switch
        {
            "unknown" => "Unknown", "gauge" => "Gauge", "reset" => "CounterReset", _ => "NotCounterReset",
        };
        return $"{{{(bool)entry["hintSet"]!} {hint} {h["schema"]} {h["sum"]} {h["count"]} "
            + $"{h["zeroCount"] ?? "0"} {h["zeroThreshold"] ?? "0"} "
            + $"{Spans("positiveSpans")} {Numbers("positiveBuckets")} {Spans("negativeSpans")} {Numbers("negativeBuckets")} "
            + $"{Numbers("customValues")}}}";

        string Spans(string name) => string.Join(',', h[name]?.AsArray().Select(s => $"{s![0]}:{s[1]}") ?? []);
        string Numbers(string name) => string.Join(',', h[name]?.AsArray().Select(n => n!.ToString()) ?? []);
    }
}
