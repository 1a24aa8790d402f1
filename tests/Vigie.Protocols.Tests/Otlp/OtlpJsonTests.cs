using System.Text;
using Vigie.Protocols.Otlp;

namespace Vigie.Protocols.Tests.Otlp;

public class OtlpJsonTests
{
    [Theory]
    [InlineData("[]", "otlp json: byte 0: the request: found an array, expected an object")]
    [InlineData("{} {}", "is invalid after a single JSON value")]
    [InlineData("""{"resourceMetrics":{}}""", "otlp json: byte 19: resourceMetrics: found an object, expected an array")]
    [InlineData("""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":5}]}]}]}""", "name: found 5, expected a text")]
    [InlineData("""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[{"timeUnixNano":"soon"}]}}]}]}]}""",
        "timeUnixNano: found soon, expected a 64-bit integer")]
    [InlineData("""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"sum":{"aggregationTemporality":"DELTA"}}]}]}]}""",
        "aggregationTemporality: found DELTA, expected 0, 1 (delta) or 2 (cumulative)")]
    [InlineData("""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[{"exemplars":[{"traceId":"xyz"}]}]}}]}]}]}""",
        "traceId: found xyz, expected hexadecimal digits")]
    public void MetricsToProtobuf_WrongValue_SaysWhereAndWhat(string json, string expected) => Assert.Contains(expected,
        Assert.Throws<ProtocolException>(() => OtlpJson.MetricsToProtobuf(Encoding.UTF8.GetBytes(json), 1000)).Message);

    [Theory]
    [InlineData("""{"resource_metrics":[{"scope_metrics":[{"metrics":[{"name":"a"}]}]}]}""")]
    [InlineData("""{"unknown":{"x":[1,{}]},"resourceMetrics":[{"resource":null,"scopeMetrics":[{"metrics":[{"new":1,"name":"a"}]}]}]}""")]
    public void MetricsToProtobuf_OtherSpellingsAndUnknownFields_AreTheSameMessage(string json)
    {
        byte[] expected = OtlpJson.MetricsToProtobuf("""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"a"}]}]}]}"""u8, 1000);
        Assert.Equal(expected, OtlpJson.MetricsToProtobuf(Encoding.UTF8.GetBytes(json), 1000));
    }

    [Fact]
    public void MetricsToProtobuf_MoreThanTheLimit_IsRefused() => Assert.Contains("more than 13 bytes",
        Assert.Throws<ProtocolException>(() => OtlpJson.MetricsToProtobuf("""{"resourceMetrics":[{"schemaUrl":"0123456789"}]}"""u8, 13)).Message);

    [Fact]
    public void MetricsToProtobuf_DeepNesting_IsRefused()
    {
        string json = """{"resourceMetrics":[{"resource":{"attributes":[{"key":"a","value":"""
            + string.Concat(Enumerable.Repeat("""{"arrayValue":{"values":[""", 100));
        Assert.Throws<ProtocolException>(() => OtlpJson.MetricsToProtobuf(Encoding.UTF8.GetBytes(json), 100_000));
    }
}
