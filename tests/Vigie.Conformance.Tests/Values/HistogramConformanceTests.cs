using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vigie.Model;
using Vigie.PromQL.Testing;

namespace Vigie.Conformance.Tests.Values;

/// <summary>values/histograms.json: native histograms as the API, messages and test scripts show them.</summary>
public sealed class HistogramConformanceTests
{
    [Fact]
    public void Histograms() => VectorFile.Check("values/histograms.json", test =>
    {
        var histogram = SeriesNotation.ParseValues(test["in"]!.ToString())[0].Histogram!;
        return Differs("apiJson", Normalized(test["apiJson"]!.ToJsonString()), Normalized(Json(histogram)))
            ?? Differs("string", test["string"]!.ToString(), histogram.ToString())
            ?? Differs("testExpression", test["testExpression"]!.ToString(), histogram.ToTestNotation());
    });

    static string? Differs(string form, string expected, string found) => found == expected ? null : $"{form}: found {found}, expected {expected}";

    static string Json(FloatHistogram histogram)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output)) histogram.WriteJson(json);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Object keys in one order.</summary>
    static string Normalized(string json)
    {
        var parsed = JsonNode.Parse(json)!.AsObject();
        return $"{parsed["count"]} {parsed["sum"]} {parsed["buckets"]?.ToJsonString()}";
    }
}
