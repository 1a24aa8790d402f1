using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>Writes the JSON bodies of notifications. Keys with nothing to say are left out where the service's own format does so.</summary>
static class JsonBody
{
    /// <summary>Non-ASCII text as it is: it is read by machines that take UTF-8, never placed in HTML.</summary>
    static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An object; <paramref name="body"/> writes its keys.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> body) => WriteValue(json =>
    {
        json.WriteStartObject();
        body(json);
        json.WriteEndObject();
    });

    /// <summary>An array; <paramref name="body"/> writes its items.</summary>
    public static byte[] WriteArray(Action<Utf8JsonWriter> body) => WriteValue(json =>
    {
        json.WriteStartArray();
        body(json);
        json.WriteEndArray();
    });

    static byte[] WriteValue(Action<Utf8JsonWriter> body)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, s_options)) body(json);
        return output.WrittenSpan.ToArray();
    }

    public static void WriteIfAny(this Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0) json.WriteString(name, text);
    }

    public static void WriteLabels(this Utf8JsonWriter json, string name, Labels labels)
    {
        json.WriteStartObject(name);
        foreach (var pair in labels) json.WriteString(pair.Name, pair.Value);
        json.WriteEndObject();
    }

    /// <summary>RFC 3339 as Go writes it: no trailing zeros; null is Go's zero time.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, (time ?? DateTimeOffset.MinValue).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
}
