using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Vigie.Instrumentation;

/// <summary>Answers the metrics page and the health probes. They are not counted as requests of the application.</summary>
sealed class VigiePages(
    RequestDelegate next, VigieOptions options, MetricsExporter exporter, ReadinessChecks checks, TimeProvider clock)
{
    readonly long _startedAt = clock.GetTimestamp();

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (path == options.MetricsPath) return Get(context, WriteMetricsAsync);
        if (path == options.LivePath) return Get(context, WriteLiveAsync);
        if (path == options.ReadyPath) return Get(context, WriteReadyAsync);
        return next(context);
    }

    static Task Get(HttpContext context, Func<HttpContext, Task> write)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) return write(context);
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = "GET, HEAD";
        return Task.CompletedTask;
    }

    async Task WriteMetricsAsync(HttpContext context)
    {
        var page = new ArrayBufferWriter<byte>(64 * 1024);
        var format = ExpositionFormats.Negotiate(context.Request.Headers.Accept);
        exporter.Write(page, format);
        context.Response.ContentType = format.ContentType();
        if (options.CompressPages && AcceptsGzip(context.Request.Headers.AcceptEncoding))
        {
            context.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(page.WrittenMemory, context.RequestAborted);
            return;
        }
        context.Response.ContentLength = page.WrittenCount;
        await context.Response.Body.WriteAsync(page.WrittenMemory, context.RequestAborted);
    }

    Task WriteLiveAsync(HttpContext context) => WriteJsonAsync(context, StatusCodes.Status200OK, json =>
    {
        json.WriteString("status", "alive");
        json.WriteNumber("timestamp", clock.GetUtcNow().ToUnixTimeSeconds());
        json.WriteString("uptime", GoDurationText.Of(clock.GetElapsedTime(_startedAt)));
    });

    async Task WriteReadyAsync(HttpContext context)
    {
        var results = await checks.RunAsync(context.RequestAborted);
        var isReady = results.All(result => result.Error is null);
        var status = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await WriteJsonAsync(context, status, json =>
        {
            json.WriteString("status", Word(isReady));
            json.WriteStartObject("checks");
            foreach (var (name, error) in results)
            {
                json.WriteStartObject(name);
                json.WriteString("status", Word(error is null));
                if (error is not null) json.WriteString("error", error);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        });
    }

    static string Word(bool isReady) => isReady ? "ready" : "unready";

    static async Task WriteJsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        body.Write("\n"u8);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    static bool AcceptsGzip(StringValues acceptEncoding)
    {
        foreach (var value in acceptEncoding)
        {
            foreach (var range in value.AsSpan().Split(','))
            {
                var coding = value.AsSpan()[range].Trim();
                if (coding.StartsWith("gzip", StringComparison.OrdinalIgnoreCase) && !coding.EndsWith("q=0", StringComparison.Ordinal))
                    return true;
            }
        }
        return false;
    }
}
