using System.Globalization;
using System.Text.Json.Nodes;

namespace Vigie.Differential.Tests;

/// <summary>Compares two answers of the query API by meaning: same series, same times, same values.</summary>
static class Answers
{
    /// <summary>Null if they say the same, else the first difference.</summary>
    public static string? Difference(JsonNode ours, JsonNode theirs)
    {
        if (Text(ours["status"]) != Text(theirs["status"]))
            return $"status {Text(ours["status"])} {Text(ours["error"])}, expected {Text(theirs["status"])} {Text(theirs["error"])}";
        if (Text(ours["status"]) == "error")
            return Text(ours["errorType"]) == Text(theirs["errorType"]) ? null : $"errorType {Text(ours["errorType"])}, expected {Text(theirs["errorType"])}";
        if (Text(ours["data"]!["resultType"]) != Text(theirs["data"]!["resultType"]))
            return $"type {Text(ours["data"]!["resultType"])}, expected {Text(theirs["data"]!["resultType"])}";
        if (ours["data"]!["result"] is not JsonArray ourSeries || theirs["data"]!["result"] is not JsonArray theirSeries) return null;
        if (Text(ours["data"]!["resultType"]) is "scalar" or "string") return Sample(ourSeries, theirSeries);
        var expected = theirSeries.ToDictionary(series => Labels(series!["metric"]!), series => series!);
        if (ourSeries.Count != expected.Count) return $"{ourSeries.Count} series, expected {expected.Count}";
        foreach (var series in ourSeries)
        {
            string labels = Labels(series!["metric"]!);
            if (!expected.TryGetValue(labels, out var other)) return $"unexpected series {labels}";
            foreach (string kind in new[] { "value", "histogram" })
                if (Pair(series[kind], other[kind], Sample) is { } problem) return $"{labels}: {kind}: {problem}";
            foreach (string kind in new[] { "values", "histograms" })
                if (Pair(series[kind], other[kind], Samples) is { } problem) return $"{labels}: {kind}: {problem}";
        }
        return null;
    }

    static string? Pair(JsonNode? ours, JsonNode? theirs, Func<JsonArray, JsonArray, string?> compare)
    {
        if (ours is null || theirs is null) return ours is null == theirs is null ? null : $"{ours?.ToJsonString() ?? "absent"}, expected {theirs?.ToJsonString() ?? "absent"}";
        return compare(ours.AsArray(), theirs.AsArray());
    }

    static string? Samples(JsonArray ours, JsonArray theirs)
    {
        if (ours.Count != theirs.Count) return $"{ours.Count} samples, expected {theirs.Count}";
        for (int i = 0; i < ours.Count; i++)
            if (Sample(ours[i]!.AsArray(), theirs[i]!.AsArray()) is { } problem) return problem;
        return null;
    }

    static string? Sample(JsonArray ours, JsonArray theirs)
    {
        if (ours[0]!.GetValue<double>() != theirs[0]!.GetValue<double>()) return $"time {ours[0]}, expected {theirs[0]}";
        return SameValue(ours[1]!, theirs[1]!) ? null : $"at {ours[0]}: {ours[1]!.ToJsonString()}, expected {theirs[1]!.ToJsonString()}";
    }

    static bool SameValue(JsonNode ours, JsonNode theirs)
    {
        if (ours is JsonValue && theirs is JsonValue) return ours.ToString() == theirs.ToString() || Close(ours.ToString(), theirs.ToString());
        if (ours is JsonArray a && theirs is JsonArray b)
            return a.Count == b.Count && a.Zip(b).All(pair => SameValue(pair.First!, pair.Second!));
        return ours is JsonObject x && theirs is JsonObject y && x.Count == y.Count && x.All(field => y[field.Key] is { } other && SameValue(field.Value!, other));
    }

    /// <summary>
    /// Equal up to one unit in the last place per operation: sums over series have no defined order, and functions of the two runtimes' math
    /// libraries may differ in the last bit, which later operations multiply.
    /// </summary>
    static bool Close(string ours, string theirs)
    {
        if (!TryNumber(ours, out double a) || !TryNumber(theirs, out double b)) return false;
        if (a.Equals(b)) return true;
        return Math.Abs(a - b) <= 1e-12 * Math.Max(Math.Abs(a), Math.Abs(b)) || (Math.Abs(a) < 1e-9 && Math.Abs(b) < 1e-9);
    }

    static bool TryNumber(string text, out double value)
    {
        value = text switch { "+Inf" => double.PositiveInfinity, "-Inf" => double.NegativeInfinity, _ => double.NaN };
        return text is "NaN" or "+Inf" or "-Inf" || double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    static string Labels(JsonNode metric) =>
        string.Join(",", metric.AsObject().OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}
