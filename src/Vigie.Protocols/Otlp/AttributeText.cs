using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// Attribute values as text (OpenTelemetry specification, Attribute: mapping to strings): scalars plain, bytes in base64, lists and maps
/// as JSON
/// with sorted keys.
/// </summary>
static class AttributeText
{
    const int DepthMax = 32;

    static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    /// <param name="attribute">A KeyValue message (opentelemetry/proto/common/v1/common.proto).</param>
    /// <exception cref="ProtocolException">The message is malformed.</exception>
    public static (string Key, string Value) Read(ReadOnlySpan<byte> attribute)
    {
        var (key, value) = Split(attribute);
        return (Text(key), ValueText(value));
    }

    /// <exception cref="ProtocolException">Not UTF-8.</exception>
    public static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolException("otlp: found text that is not UTF-8");
        }
    }

    static KeyAndValue Split(ReadOnlySpan<byte> attribute)
    {
        ReadOnlySpan<byte> key = default, value = default;
        var reader = new ProtobufReader(attribute);
        while (reader.Next())
        {
            if (reader.Field == 1) key = reader.ReadBytes();
            else if (reader.Field == 2) value = reader.ReadBytes();
            else reader.Skip();
        }
        return new KeyAndValue(key, value);
    }

    static string ValueText(ReadOnlySpan<byte> value)
    {
        string text = "";
        var reader = new ProtobufReader(value);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: text = Text(reader.ReadBytes()); break;
                case 2: text = reader.ReadVarint() != 0 ? "true" : "false"; break;
                case 3: text = reader.ReadInt64().ToString(CultureInfo.InvariantCulture); break;
                case 4: text = NumberText(reader.ReadDouble()); break;
                case 5 or 6:
                    reader.ReadBytes();
                    text = Json(value);
                    break;
                case 7: text = Convert.ToBase64String(reader.ReadBytes()); break;
                default: reader.Skip(); break;
            }
        }
        return text;
    }

    /// <summary>As JSON writes numbers in Go: no exponent between 1e-6 and 1e21.</summary>
    static string NumberText(double value) => double.IsFinite(value)
        ? Model.GoNumber.FormatSample(value).Replace("e-0", "e-", StringComparison.Ordinal)
        : "json: unsupported value: " + Model.GoNumber.FormatSample(value);

    static string Json(ReadOnlySpan<byte> value)
    {
        using var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, s_plain))
            Write(json, value, DepthMax);
        // Go's JSON escapes these three for HTML, and nothing else beyond what must be.
        return Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length)
            .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal);
    }

    static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> value, int depth)
    {
        if (depth == 0) throw new ProtocolException($"otlp: found an attribute with more than {DepthMax} levels");
        var reader = new ProtobufReader(value);
        bool written = false;
        while (reader.Next())
        {
            if (written)
            {
                reader.Skip();
                continue;
            }
            written = true;
            switch (reader.Field)
            {
                case 1: json.WriteStringValue(Text(reader.ReadBytes())); break;
                case 2: json.WriteBooleanValue(reader.ReadVarint() != 0); break;
                case 3: json.WriteNumberValue(reader.ReadInt64()); break;
                case 4: WriteNumber(json, reader.ReadDouble()); break;
                case 5: WriteList(json, reader.ReadBytes(), depth - 1); break;
                case 6: WriteMap(json, reader.ReadBytes(), depth - 1); break;
                case 7: json.WriteStringValue(Convert.ToBase64String(reader.ReadBytes())); break;
                default:
                    reader.Skip();
                    written = false;
                    break;
            }
        }
        if (!written) json.WriteNullValue();
    }

    static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value)) json.WriteRawValue(NumberText(value), skipInputValidation: true);
        else json.WriteStringValue(NumberText(value));
    }

    static void WriteList(Utf8JsonWriter json, ReadOnlySpan<byte> list, int depth)
    {
        json.WriteStartArray();
        var reader = new ProtobufReader(list);
        while (reader.Next())
        {
            if (reader.Field == 1) Write(json, reader.ReadBytes(), depth);
            else reader.Skip();
        }
        json.WriteEndArray();
    }

    static void WriteMap(Utf8JsonWriter json, ReadOnlySpan<byte> map, int depth)
    {
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var reader = new ProtobufReader(map);
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            var (key, value) = Split(reader.ReadBytes());
            entries[Text(key)] = value.ToArray();
        }
        json.WriteStartObject();
        foreach (var (key, value) in entries)
        {
            json.WritePropertyName(key);
            Write(json, value, depth);
        }
        json.WriteEndObject();
    }

    readonly ref struct KeyAndValue(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        readonly ReadOnlySpan<byte> _key = key, _value = value;

        public void Deconstruct(out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
        {
            key = _key;
            value = _value;
        }
    }
}
