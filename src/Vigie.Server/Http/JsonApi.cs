using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Model;

namespace Vigie.Server.Http;

/// <summary>
/// The envelope of Prometheus' HTTP API: <c>{"status":"success","data":…,"warnings":[…],"infos":[…]}</c>, written as UTF-8 straight to the
/// response.
/// </summary>
static class JsonApi
{
    internal static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static Task SucceedAsync(HttpContext http, Action<Utf8JsonWriter> writeData, IReadOnlyList<string>? warnings = null) =>
        SucceedAsync(http, response =>
        {
            writeData(response.Json);
            return ValueTask.CompletedTask;
        }, warnings);

    /// <summary>For large answers: <paramref name="writeData"/> hands over what it has with <see cref="JsonResponse.FlushIfLargeAsync"/>.</summary>
    /// <param name="writeMore">Members of our own, after those of upstream.</param>
    public static async Task SucceedAsync(
        HttpContext http, Func<JsonResponse, ValueTask> writeData, IReadOnlyList<string>? warnings = null, IReadOnlyList<string>? infos = null,
        Action<Utf8JsonWriter>? writeMore = null)
    {
        http.Response.ContentType = "application/json";
        await http.Response.StartAsync(http.RequestAborted);
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, WriterOptions);
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WritePropertyName("data"u8);
        await writeData(new JsonResponse(http, json));
        WriteList(json, "warnings", warnings);
        WriteList(json, "infos", infos);
        writeMore?.Invoke(json);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    public static async Task FailAsync(HttpContext http, ApiException problem)
    {
        http.Response.ContentLength = null; // of the answer it would have been; what stands around the endpoint keeps its headers
        http.Response.StatusCode = problem.StatusCode;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, WriterOptions);
        json.WriteStartObject();
        json.WriteString("status"u8, "error"u8);
        json.WriteString("errorType"u8, problem.ErrorType);
        json.WriteString("error"u8, problem.Message);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    public static async Task TextAsync(HttpContext http, int statusCode, string text)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "text/plain; charset=utf-8";
        await http.Response.WriteAsync(text, http.RequestAborted);
    }

    public static void WriteList(Utf8JsonWriter json, string name, IReadOnlyList<string>? values)
    {
        if (values is not { Count: > 0 }) return;
        json.WritePropertyName(name);
        WriteStrings(json, values);
    }

    public static void WriteStrings(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (string value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    /// <summary>One label set; answers with many use a <see cref="LabelsJson"/>.</summary>
    public static void WriteLabels(Utf8JsonWriter json, Labels labels)
    {
        json.WriteStartObject();
        foreach (ref readonly var pair in labels.Pairs) json.WriteString(pair.Name, pair.Value);
        json.WriteEndObject();
    }

    /// <summary>Unix seconds, with three decimals where they are not whole, as Prometheus writes timestamps: <c>1700000000.120</c>.</summary>
    public static void WriteTimestamp(Utf8JsonWriter json, long timestampMs)
    {
        Span<byte> text = stackalloc byte[32];
        json.WriteRawValue(text[..FormatTimestamp(timestampMs, text)], skipInputValidation: true);
    }

    /// <summary>RFC 3339 as Go prints it: UTC with up to nine decimals; null is Go's zero time.</summary>
    public static string FormatTime(DateTimeOffset? time) => time is { } at
        ? at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", System.Globalization.CultureInfo.InvariantCulture)
        : "0001-01-01T00:00:00Z";

    internal static int FormatTimestamp(long timestampMs, Span<byte> output)
    {
        int at = 0;
        if (timestampMs < 0)
        {
            output[at++] = (byte)'-';
            timestampMs = -timestampMs;
        }
        Utf8Formatter.TryFormat(timestampMs / 1000, output[at..], out int written);
        at += written;
        long millis = timestampMs % 1000;
        if (millis == 0) return at;
        output[at++] = (byte)'.';
        output[at++] = (byte)('0' + millis / 100);
        output[at++] = (byte)('0' + millis / 10 % 10);
        output[at++] = (byte)('0' + millis % 10);
        return at;
    }
}

/// <summary>A JSON answer being written; large ones leave in pieces, so that memory does not grow with them.</summary>
sealed class JsonResponse(HttpContext http, Utf8JsonWriter json)
{
    const long FlushBytes = 256 << 10;
    long _flushed;

    public Utf8JsonWriter Json { get; } = json;

    public ValueTask FlushIfLargeAsync()
    {
        long written = Json.BytesCommitted + Json.BytesPending;
        if (written - _flushed < FlushBytes) return ValueTask.CompletedTask;
        _flushed = written;
        return FlushAsync();
    }

    async ValueTask FlushAsync()
    {
        Json.Flush();
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
