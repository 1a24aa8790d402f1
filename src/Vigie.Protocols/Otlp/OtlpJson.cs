using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Vigie.Protocols.Protobuf;

namespace Vigie.Protocols.Otlp;

/// <summary>
/// Turns OTLP/JSON into the protobuf message it stands for (OTLP 1.x specification, JSON Protobuf Encoding: ids in hexadecimal, 64-bit numbers
/// as text or number, enumerations as numbers, unknown fields ignored), so that there is one reader for both.
/// </summary>
public static class OtlpJson
{
    const int DepthMax = 64;

    /// <param name="outputBytesMax">Largest result.</param>
    /// <exception cref="ProtocolException">Not JSON, or a field has a value its type cannot have. The message tells where.</exception>
    public static byte[] MetricsToProtobuf(ReadOnlySpan<byte> json, int outputBytesMax)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DepthMax, AllowTrailingCommas = false });
        var output = new ProtobufWriter(Math.Max(256, json.Length / 2));
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Unexpected(ref reader, "the request", "an object");
            WriteFields(ref reader, OtlpJsonMessage.MetricsRequest, output, outputBytesMax);
            if (reader.Read()) throw Unexpected(ref reader, "the request", "nothing after it");
        }
        catch (JsonException problem)
        {
            throw new ProtocolException($"otlp json: {problem.Message}");
        }
        catch (InvalidOperationException)
        {
            // A text with broken UTF-8 or lone surrogates.
            throw new ProtocolException($"otlp json: byte {reader.TokenStartIndex}: found text that is not UTF-8");
        }
        return output.Written.ToArray();
    }

    static void WriteFields(ref Utf8JsonReader reader, OtlpJsonMessage message, ProtobufWriter output, int bytesMax)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = message.Find(ref reader);
            reader.Read();
            if (field is null) reader.Skip();
            else if (reader.TokenType == JsonTokenType.Null) continue;
            else if (!field.IsRepeated) WriteValue(ref reader, field, output, bytesMax);
            else if (reader.TokenType != JsonTokenType.StartArray) throw Unexpected(ref reader, field.Name, "an array");
            else
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) WriteValue(ref reader, field, output, bytesMax);
            }
        }
    }

    static void WriteValue(ref Utf8JsonReader reader, OtlpJsonField field, ProtobufWriter output, int bytesMax)
    {
        switch (field.Type)
        {
            case OtlpJsonType.Message:
                if (reader.TokenType != JsonTokenType.StartObject) throw Unexpected(ref reader, field.Name, "an object");
                int start = output.Begin(field.Number);
                WriteFields(ref reader, field.Message, output, bytesMax);
                output.End(start);
                break;
            case OtlpJsonType.Text:
                if (reader.TokenType != JsonTokenType.String) throw Unexpected(ref reader, field.Name, "a text");
                output.Text(field.Number, reader.GetString()!);
                break;
            case OtlpJsonType.Bytes:
                if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out byte[]? bytes))
                    throw Unexpected(ref reader, field.Name, "base64");
                output.Bytes(field.Number, bytes);
                break;
            case OtlpJsonType.HexBytes: output.Bytes(field.Number, Hexadecimal(ref reader, field.Name)); break;
            case OtlpJsonType.Bool:
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                    throw Unexpected(ref reader, field.Name, "true or false");
                output.Varint(field.Number, reader.GetBoolean() ? 1UL : 0);
                break;
            case OtlpJsonType.Temporality: output.Varint(field.Number, Temporality(ref reader, field.Name)); break;
            case OtlpJsonType.Varint: output.Varint(field.Number, Integer(ref reader, field.Name)); break;
            case OtlpJsonType.ZigZag: output.ZigZag(field.Number, unchecked((long)Integer(ref reader, field.Name))); break;
            case OtlpJsonType.Fixed64: output.Fixed64(field.Number, Integer(ref reader, field.Name)); break;
            default: output.Double(field.Number, Double(ref reader, field.Name)); break;
        }
        if (output.Length > bytesMax) throw new ProtocolException($"otlp json: found a request of more than {bytesMax} bytes as protobuf");
    }

    static ulong Temporality(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Number) return Integer(ref reader, name);
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueTextEquals("AGGREGATION_TEMPORALITY_UNSPECIFIED"u8)) return 0;
            if (reader.ValueTextEquals("AGGREGATION_TEMPORALITY_DELTA"u8)) return 1;
            if (reader.ValueTextEquals("AGGREGATION_TEMPORALITY_CUMULATIVE"u8)) return 2;
        }
        throw Unexpected(ref reader, name, "0, 1 (delta) or 2 (cumulative)");
    }

    /// <summary>A number of up to 64 bits with or without sign, as number or text; a negative one in two's complement.</summary>
    static ulong Integer(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String && !reader.HasValueSequence)
        {
            var text = reader.ValueSpan;
            if (Utf8Parser.TryParse(text, out ulong value, out int used) && used == text.Length) return value;
            if (Utf8Parser.TryParse(text, out long negative, out used) && used == text.Length) return unchecked((ulong)negative);
        }
        throw Unexpected(ref reader, name, "a 64-bit integer");
    }

    static double Double(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double number)) return number;
        if (reader.TokenType == JsonTokenType.String)
        {
            if (reader.ValueTextEquals("NaN"u8)) return Model.StaleMarker.NormalNaN;
            if (reader.ValueTextEquals("Infinity"u8)) return double.PositiveInfinity;
            if (reader.ValueTextEquals("-Infinity"u8)) return double.NegativeInfinity;
            var text = reader.ValueSpan;
            if (Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && double.IsFinite(number)) return number;
        }
        throw Unexpected(ref reader, name, "a number");
    }

    static byte[] Hexadecimal(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var text = reader.ValueSpan;
            byte[] bytes = new byte[text.Length / 2];
            if (text.Length % 2 == 0
                && Convert.FromHexString(text, bytes, out _, out int written) == System.Buffers.OperationStatus.Done
                && written == bytes.Length) return bytes;
        }
        throw Unexpected(ref reader, name, "hexadecimal digits");
    }

    static ProtocolException Unexpected(ref Utf8JsonReader reader, string name, string expected)
    {
        const int ShownMax = 40;
        string found = reader.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.None => "nothing",
            _ => Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(ShownMax, reader.ValueSpan.Length)]),
        };
        return new ProtocolException($"otlp json: byte {reader.TokenStartIndex}: {name}: found {found}, expected {expected}");
    }
}
