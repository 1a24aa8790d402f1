using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Commands;

/// <summary>The data of an API answer as promtool prints it: the text forms of Prometheus' <c>model</c> package, or one line of JSON.</summary>
static class QueryPrinter
{
    static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As <c>model.Metric.Before</c>: fewer labels first, then by name and value; a set without the name comes first.</summary>
    static readonly Comparer<Labels> s_order = Comparer<Labels>.Create(static (a, b) =>
    {
        if (a.Count != b.Count) return a.Count.CompareTo(b.Count);
        foreach (var ((nameA, valueA), (nameB, valueB)) in a.Zip(b))
        {
            int order = string.CompareOrdinal(nameB, nameA);
            if (order == 0) order = string.CompareOrdinal(valueA, valueB);
            if (order != 0) return order;
        }
        return 0;
    });

    public static void WriteText(JsonElement data, TextWriter output)
    {
        if (data.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in data.EnumerateArray())
                output.WriteLine(item.ValueKind == JsonValueKind.Object ? LabelsOf(item).ToString() : item.GetString());
            return;
        }
        var result = data.GetProperty("result");
        output.WriteLine(data.GetProperty("resultType").GetString() switch
        {
            "scalar" => $"scalar: {Value(result[1])} @[{Time(result[0])}]",
            "string" => result[1].GetString(),
            "vector" => string.Join('\n', result.EnumerateArray().Select(static one =>
                $"{Metric(one)} => {(one.TryGetProperty("value", out var sample) ? Sample(sample) : Histogram(one.GetProperty("histogram")))}")),
            _ => string.Join('\n', result.EnumerateArray().OrderBy(static one => LabelsOf(one.GetProperty("metric")), s_order).Select(static one =>
                $"{Metric(one)} =>\n{string.Join('\n', Samples(one, "values").Select(Sample).Concat(Samples(one, "histograms").Select(Histogram)))}")),
        });
    }

    /// <summary>The result alone, values without exponents.</summary>
    public static void WriteJson(JsonElement data, TextWriter output)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, JsonOptions))
        {
            if (data.ValueKind == JsonValueKind.Array) data.WriteTo(json);
            else if (data.GetProperty("resultType").GetString() is "vector" or "matrix") WriteSeries(json, data.GetProperty("result"));
            else if (data.GetProperty("resultType").GetString() == "scalar") WriteSample(json, data.GetProperty("result"));
            else data.GetProperty("result").WriteTo(json);
        }
        output.WriteLine(Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length));
    }

    static void WriteSeries(Utf8JsonWriter json, JsonElement result)
    {
        json.WriteStartArray();
        foreach (var series in result.EnumerateArray())
        {
            json.WriteStartObject();
            foreach (var member in series.EnumerateObject())
            {
                json.WritePropertyName(member.Name);
                if (member.Name == "value") WriteSample(json, member.Value);
                else if (member.Name == "values")
                {
                    json.WriteStartArray();
                    foreach (var sample in member.Value.EnumerateArray()) WriteSample(json, sample);
                    json.WriteEndArray();
                }
                else member.Value.WriteTo(json);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    static void WriteSample(Utf8JsonWriter json, JsonElement sample)
    {
        json.WriteStartArray();
        json.WriteRawValue(Time(sample[0]));
        json.WriteStringValue(Value(sample[1]));
        json.WriteEndArray();
    }

    static IEnumerable<JsonElement> Samples(JsonElement series, string member) => series.TryGetProperty(member, out var samples) ? samples.EnumerateArray() : [];

    static string Sample(JsonElement sample) => $"{Value(sample[1])} @[{Time(sample[0])}]";

    static string Histogram(JsonElement sample)
    {
        var histogram = sample[1];
        var buckets = histogram.TryGetProperty("buckets", out var all) ? all.EnumerateArray().Select(Bucket) : [];
        return $"Count: {SixDecimals(histogram, "count")}, Sum: {SixDecimals(histogram, "sum")}, Buckets: [{string.Join(' ', buckets)}] @[{Time(sample[0])}]";
    }

    /// <summary>Whether a bound belongs to the bucket: 0 the upper, 1 the lower, 2 neither, 3 both.</summary>
    static string Bucket(JsonElement bucket)
    {
        int bounds = bucket[0].GetInt32();
        return $"{(bounds is 1 or 3 ? '[' : '(')}{General(bucket[1])},{General(bucket[2])}{(bounds is 0 or 3 ? ']' : ')')}:{Value(bucket[3])}";
    }

    static string SixDecimals(JsonElement histogram, string member)
    {
        double value = Number(histogram.GetProperty(member));
        return double.IsFinite(value) ? value.ToString("F6", CultureInfo.InvariantCulture) : GoNumber.FormatFixed(value);
    }

    static string General(JsonElement text) => GoNumber.FormatGeneral(Number(text));

    static string Value(JsonElement text) => GoNumber.FormatFixed(Number(text));

    static double Number(JsonElement text) =>
        GoNumber.TryParse(text.GetString(), out double value) ? value : throw new JsonException($"{text.GetRawText()} in the answer is not a number");

    /// <summary>Seconds without trailing zeros.</summary>
    static string Time(JsonElement seconds) => GoNumber.FormatFixed(seconds.GetDouble());

    /// <summary>The labels of a series in PromQL's form.</summary>
    internal static string Metric(JsonElement series)
    {
        var labels = LabelsOf(series.GetProperty("metric"));
        var others = labels.WithoutMetricName();
        return labels.MetricName is { Length: > 0 } name ? name + (others.Count > 0 ? others : "") : others.ToString();
    }

    internal static Labels LabelsOf(JsonElement metric) =>
        Labels.From(metric.EnumerateObject().Select(static label => KeyValuePair.Create(label.Name, label.Value.GetString()!)));
}
