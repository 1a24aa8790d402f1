using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Vigie.Server.Hosting;
using Vigie.Server.Http;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>What surrounds the endpoints of API version 2: methods, errors, bodies, as its generated server answers them.</summary>
static class Version2Routes
{
    /// <summary>Bytes of a request body.</summary>
    const long BodyBytesMax = 32 << 20;

    static readonly JsonWriterOptions s_writerOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true };

    /// <summary>Maps a path with all of its methods; others are answered with 405.</summary>
    public static void MapResource(this IEndpointRouteBuilder routes, string path,
        params (string Method, Func<HttpContext, Task> Handle)[] methods) =>
        routes.Map(path, http => GuardAsync(http, () =>
        {
            string method = HttpMethods.IsHead(http.Request.Method) ? HttpMethods.Get : http.Request.Method;
            foreach (var (name, handle) in methods)
                if (string.Equals(name, method, StringComparison.Ordinal)) return handle(http);
            string allowed = string.Join(',', methods.Select(static m => m.Method));
            http.Response.Headers.Allow = allowed;
            throw Version2Exception.Refused(StatusCodes.Status405MethodNotAllowed,
                $"method {http.Request.Method} is not allowed, but [{allowed}] are");
        }));

    /// <summary>Answers all other paths under a prefix.</summary>
    public static void MapUnknown(this IEndpointRouteBuilder routes, string prefix) =>
        routes.Map(prefix + "/{**rest}", http => GuardAsync(http, () =>
            throw Version2Exception.Refused(StatusCodes.Status404NotFound, $"path {http.Request.Path} was not found")));

    static async Task GuardAsync(HttpContext http, Func<Task> handle)
    {
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await handle();
        }
        catch (Version2Exception problem) when (!http.Response.HasStarted)
        {
            await FailAsync(http, problem);
        }
        catch (Exception problem) when (RequestFailure.IsDeparture(http, problem))
        {
            // Nobody reads an answer.
        }
        catch (BadHttpRequestException problem) when (!http.Response.HasStarted)
        {
            await FailAsync(http, Version2Exception.Refused(problem.StatusCode, RequestFailure.TextOf(problem)));
        }
        catch (Exception problem) when (problem is not OperationCanceledException && !http.Response.HasStarted)
        {
            var logger = http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Vigie.Server");
            HostingLog.RequestFailed(logger, problem, http.Request.Method, http.Request.Path);
            await FailAsync(http, Version2Exception.Failed($"BUG: {problem.GetType().Name}, see the server's log"));
        }
    }

    static Task FailAsync(HttpContext http, Version2Exception problem) => AnswerAsync(http, problem.StatusCode, json =>
    {
        if (problem.Code == 0)
        {
            json.WriteStringValue(problem.Message);
            return;
        }
        json.WriteStartObject();
        json.WriteNumber("code"u8, problem.Code);
        json.WriteString("message"u8, problem.Message);
        json.WriteEndObject();
    });

    public static Task AnswerAsync(HttpContext http, Action<Utf8JsonWriter> write) => AnswerAsync(http, StatusCodes.Status200OK, write);

    static async Task AnswerAsync(HttpContext http, int statusCode, Action<Utf8JsonWriter> write)
    {
        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter, s_writerOptions);
        write(json);
        await json.FlushAsync(http.RequestAborted);
    }

    /// <summary>Reads a JSON body.</summary>
    /// <param name="name">What the body is called in messages.</param>
    /// <exception cref="Version2Exception">It is missing, too large, of another type, or no JSON.</exception>
    public static async Task<JsonDocument> ReadBodyAsync(HttpContext http, string name)
    {
        string type = http.Request.ContentType?.Split(';')[0].Trim() ?? "application/octet-stream";
        byte[] body = await ReadBytesAsync(http);
        if (body.Length == 0) throw Version2Exception.Required(name);
        if (!type.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Version2Exception.Refused(StatusCodes.Status415UnsupportedMediaType,
                $"unsupported media type \"{type}\", only [application/json] are allowed");
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            throw Version2Exception.Unreadable(name, GoJsonProblem.Of(body));
        }
    }

    /// <summary>The whole body, up to the limit.</summary>
    /// <exception cref="Version2Exception">It is longer.</exception>
    public static async Task<byte[]> ReadBytesAsync(HttpContext http)
    {
        if (http.Request.ContentLength > BodyBytesMax) throw TooLarge();
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > BodyBytesMax) throw TooLarge();
            if (!read.IsCompleted)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }
            byte[] body = read.Buffer.ToArray();
            reader.AdvanceTo(read.Buffer.End);
            return body;
        }
    }

    static Version2Exception TooLarge() =>
        Version2Exception.Refused(StatusCodes.Status413PayloadTooLarge, $"found a body of more than {BodyBytesMax} bytes, expected less");
}
