using System.Text;
using System.Text.Json;

namespace Vigie.Protocols.Otlp;

/// <summary>How a JSON value becomes the value of a protobuf field.</summary>
enum OtlpJsonType : byte { Text, Bytes, HexBytes, Bool, Varint, ZigZag, Fixed64, Double, Temporality, Message }

/// <summary>One field of a message: JSON name (both spellings the protobuf JSON mapping allows), number, type.</summary>
sealed class OtlpJsonField(string name, int number, OtlpJsonType type, bool isRepeated = false, Func<OtlpJsonMessage>? message = null)
{
    readonly byte[] _camel = Encoding.UTF8.GetBytes(name), _snake = Encoding.UTF8.GetBytes(SnakeCase(name));

    public string Name { get; } = name;
    public int Number { get; } = number;
    public OtlpJsonType Type { get; } = type;
    public bool IsRepeated { get; } = isRepeated;
    public OtlpJsonMessage Message => message!();

    public bool HasName(ref Utf8JsonReader reader) => reader.ValueTextEquals(_camel) || reader.ValueTextEquals(_snake);

    static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsAsciiLetterUpper(c)) text.Append('_');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }
}

/// <summary>A message type of OTLP: its fields. The metrics part of opentelemetry-proto 1.x.</summary>
sealed class OtlpJsonMessage(params OtlpJsonField[] fields)
{
    public static OtlpJsonMessage MetricsRequest { get; } = new(Many("resourceMetrics", 1, static () => ResourceMetrics!));

    static OtlpJsonMessage ResourceMetrics { get; } = new(
        One("resource", 1, static () => Resource!), Many("scopeMetrics", 2, static () => ScopeMetrics!), Text("schemaUrl", 3));

    static OtlpJsonMessage Resource { get; } = new(Many("attributes", 1, static () => KeyValue!));

    static OtlpJsonMessage ScopeMetrics { get; } = new(
        One("scope", 1, static () => Scope!), Many("metrics", 2, static () => Metric!), Text("schemaUrl", 3));

    static OtlpJsonMessage Scope { get; } = new(Text("name", 1), Text("version", 2), Many("attributes", 3, static () => KeyValue!));

    static OtlpJsonMessage Metric { get; } = new(
        Text("name", 1), Text("description", 2), Text("unit", 3), One("gauge", 5, static () => Gauge!), One("sum", 7, static () => Sum!),
        One("histogram", 9, static () => Histogram!), One("exponentialHistogram", 10, static () => ExponentialHistogram!),
        One("summary", 11, static () => Summary!));

    static OtlpJsonMessage Gauge { get; } = new(Many("dataPoints", 1, static () => NumberPoint!));

    static OtlpJsonMessage Sum { get; } = new(
        Many("dataPoints", 1, static () => NumberPoint!), new OtlpJsonField("aggregationTemporality", 2, OtlpJsonType.Temporality),
        new OtlpJsonField("isMonotonic", 3, OtlpJsonType.Bool));

    static OtlpJsonMessage Histogram { get; } = new(
        Many("dataPoints", 1, static () => HistogramPoint!), new OtlpJsonField("aggregationTemporality", 2, OtlpJsonType.Temporality));

    static OtlpJsonMessage ExponentialHistogram { get; } = new(
        Many("dataPoints", 1, static () => ExponentialPoint!), new OtlpJsonField("aggregationTemporality", 2, OtlpJsonType.Temporality));

    static OtlpJsonMessage Summary { get; } = new(Many("dataPoints", 1, static () => SummaryPoint!));

    static OtlpJsonMessage NumberPoint { get; } = new(
        Many("attributes", 7, static () => KeyValue!), Fixed64("startTimeUnixNano", 2), Fixed64("timeUnixNano", 3), Double("asDouble", 4),
        Fixed64("asInt", 6), Many("exemplars", 5, static () => Exemplar!), Varint("flags", 8));

    static OtlpJsonMessage HistogramPoint { get; } = new(
        Many("attributes", 9, static () => KeyValue!), Fixed64("startTimeUnixNano", 2), Fixed64("timeUnixNano", 3), Fixed64("count", 4),
        Double("sum", 5), new OtlpJsonField("bucketCounts", 6, OtlpJsonType.Fixed64, isRepeated: true),
        new OtlpJsonField("explicitBounds", 7, OtlpJsonType.Double, isRepeated: true), Many("exemplars", 8, static () => Exemplar!),
        Varint("flags", 10), Double("min", 11), Double("max", 12));

    static OtlpJsonMessage ExponentialPoint { get; } = new(
        Many("attributes", 1, static () => KeyValue!), Fixed64("startTimeUnixNano", 2), Fixed64("timeUnixNano", 3), Fixed64("count", 4),
        Double("sum", 5), new OtlpJsonField("scale", 6, OtlpJsonType.ZigZag), Fixed64("zeroCount", 7),
        One("positive", 8, static () => Buckets!), One("negative", 9, static () => Buckets!), Varint("flags", 10), Many("exemplars", 11, static () => Exemplar!), Double("min", 12),
        Double("max", 13), Double("zeroThreshold", 14));

    static OtlpJsonMessage Buckets { get; } = new(
        new OtlpJsonField("offset", 1, OtlpJsonType.ZigZag), new OtlpJsonField("bucketCounts", 2, OtlpJsonType.Varint, isRepeated: true));

    static OtlpJsonMessage SummaryPoint { get; } = new(
        Many("attributes", 7, static () => KeyValue!), Fixed64("startTimeUnixNano", 2), Fixed64("timeUnixNano", 3), Fixed64("count", 4),
        Double("sum", 5), Many("quantileValues", 6, static () => Quantile!), Varint("flags", 8));

    static OtlpJsonMessage Quantile { get; } = new(Double("quantile", 1), Double("value", 2));

    static OtlpJsonMessage Exemplar { get; } = new(
        Many("filteredAttributes", 7, static () => KeyValue!), Fixed64("timeUnixNano", 2), Double("asDouble", 3), Fixed64("asInt", 6),
        new OtlpJsonField("spanId", 4, OtlpJsonType.HexBytes), new OtlpJsonField("traceId", 5, OtlpJsonType.HexBytes));

    static OtlpJsonMessage KeyValue { get; } = new(Text("key", 1), One("value", 2, static () => AnyValue!));

    static OtlpJsonMessage AnyValue { get; } = new(
        Text("stringValue", 1), new OtlpJsonField("boolValue", 2, OtlpJsonType.Bool), Varint("intValue", 3), Double("doubleValue", 4),
        One("arrayValue", 5, static () => ArrayValue!), One("kvlistValue", 6, static () => KeyValueList!),
        new OtlpJsonField("bytesValue", 7, OtlpJsonType.Bytes));

    static OtlpJsonMessage ArrayValue { get; } = new(Many("values", 1, static () => AnyValue!));

    static OtlpJsonMessage KeyValueList { get; } = new(Many("values", 1, static () => KeyValue!));

    /// <summary>The field whose name the reader stands on, null if there is none.</summary>
    public OtlpJsonField? Find(ref Utf8JsonReader reader)
    {
        foreach (var field in fields)
            if (field.HasName(ref reader)) return field;
        return null;
    }

    static OtlpJsonField One(string name, int number, Func<OtlpJsonMessage> message) =>
        new(name, number, OtlpJsonType.Message, false, message);

    static OtlpJsonField Many(string name, int number, Func<OtlpJsonMessage> message) =>
        new(name, number, OtlpJsonType.Message, true, message);

    static OtlpJsonField Text(string name, int number) => new(name, number, OtlpJsonType.Text);

    static OtlpJsonField Varint(string name, int number) => new(name, number, OtlpJsonType.Varint);

    static OtlpJsonField Fixed64(string name, int number) => new(name, number, OtlpJsonType.Fixed64);

    static OtlpJsonField Double(string name, int number) => new(name, number, OtlpJsonType.Double);
}
