using System.Globalization;
using System.Text;
using System.Text.Json;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Otlp;

/// <summary>Answers of OTLP/HTTP (opentelemetry-proto docs/specification.md), in the encoding of the request.</summary>
static class OtlpAnswers
{
    /// <summary>ExportMetricsServiceResponse: empty, or with what was rejected and why.</summary>
    public static Task MetricsAsync(HttpContext http, bool json, OtlpOutcome outcome) => json
        ? WriteJsonAsync(http, StatusCodes.Status200OK, writer =>
        {
            if (outcome.Problem is null) return;
            writer.WriteStartObject("partialSuccess"u8);
            if (outcome.Rejected > 0) writer.WriteString("rejectedDataPoints"u8, outcome.Rejected.ToString(CultureInfo.InvariantCulture));
            writer.WriteString("errorMessage"u8, outcome.Problem);
            writer.WriteEndObject();
        })
        : WriteProtobufAsync(http, StatusCodes.Status200OK,
            outcome.Problem is null ? [] : Message(1, Fields(1, outcome.Rejected, 2, outcome.Problem)));

    /// <summary>google.rpc.Status.</summary>
    public static Task FailAsync(HttpContext http, bool json, int statusCode, string message)
    {
        int code = statusCode switch
        {
            StatusCodes.Status400BadRequest or StatusCodes.Status415UnsupportedMediaType => 3,      // INVALID_ARGUMENT
            StatusCodes.Status413PayloadTooLarge => 8,                                              // RESOURCE_EXHAUSTED
            StatusCodes.Status503ServiceUnavailable => 14,                                          // UNAVAILABLE
            _ => 13,                                                                                // INTERNAL
        };
        return json
            ? WriteJsonAsync(http, statusCode, writer =>
            {
                writer.WriteNumber("code"u8, code);
                writer.WriteString("message"u8, message);
            })
            : WriteProtobufAsync(http, statusCode, Fields(1, code, 2, message));
    }

    static async Task WriteJsonAsync(HttpContext http, int statusCode, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, JsonApi.WriterOptions);
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    static async Task WriteProtobufAsync(HttpContext http, int statusCode, byte[] message)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "application/x-protobuf";
        http.Response.ContentLength = message.Length;
        await http.Response.Body.WriteAsync(message, http.RequestAborted);
    }

    /// <summary>A message of a number and a text.</summary>
    static byte[] Fields(int numberField, int number, int textField, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        var output = new List<byte>(utf8.Length + 16);
        if (number != 0)
        {
            output.Add((byte)(numberField << 3));
            AddVarint(output, number);
        }
        output.AddRange(Message(textField, utf8));
        return [.. output];
    }

    static byte[] Message(int field, byte[] body)
    {
        var output = new List<byte>(body.Length + 8) { (byte)(field << 3 | 2) };
        AddVarint(output, body.Length);
        output.AddRange(body);
        return [.. output];
    }

    static void AddVarint(List<byte> output, int value)
    {
        for (; value >= 0x80; value >>= 7) output.Add((byte)(value & 0x7f | 0x80));
        output.Add((byte)value);
    }
}
