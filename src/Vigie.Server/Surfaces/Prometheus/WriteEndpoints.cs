using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using Vigie.Model;
using Vigie.Protocols;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteWrite;
using Vigie.Server.Hosting;
using Vigie.Server.Http;
using Vigie.Server.Surfaces.Otlp;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>
/// POST /api/v1/write: remote write 1.0 and 2.0 (Prometheus remote write specification), and /api/v1/otlp/v1/metrics.
/// </summary>
sealed class WriteEndpoints(PrometheusServices services)
{
    /// <summary>Largest request once decompressed, as in Prometheus.</summary>
    const int DecodedBytesMax = 32 << 20;
    const string MessageV1 = ServeOptions.WriteMessageV1, MessageV2 = ServeOptions.WriteMessageV2;

    readonly SeriesKeyCache _cache = new();
    readonly ConcurrentBag<RemoteWriteReceiver> _receivers = [];

    readonly bool _zeroAtStart = services.Options.Features.Contains("created-timestamp-zero-ingestion");
    readonly OtlpEndpoint _otlp = new(services.Otlp, OtlpManners.Prometheus);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapApi("/api/v1/write", ["POST"], WriteAsync);
        // Switched off it is not there, as in builds of Prometheus without it.
        if (services.Options.EnableOtlpReceiver) routes.MapApi("/api/v1/otlp/v1/metrics", ["POST"], _otlp.WriteAsync);
    }

    async Task WriteAsync(HttpContext http)
    {
        if (!services.Options.EnableRemoteWriteReceiver)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status404NotFound, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n");
            return;
        }
        if (MessageOf(http.Request.ContentType) is not { } message)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status415UnsupportedMediaType,
                $"found content type {http.Request.ContentType}, expected application/x-protobuf, optionally with proto={MessageV1} or proto={MessageV2}\n");
            return;
        }
        if (!services.Options.WriteMessages.Contains(message))
        {
            await JsonApi.TextAsync(http, StatusCodes.Status415UnsupportedMediaType,
                $"{message} protobuf message is not accepted by this server; accepted [{string.Join(' ', services.Options.WriteMessages)}]\n");
            return;
        }
        string encoding = http.Request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "snappy"))
        {
            await JsonApi.TextAsync(http, StatusCodes.Status415UnsupportedMediaType, $"found content encoding {encoding}, expected snappy\n");
            return;
        }
        byte[] body = ArrayPool<byte>.Shared.Rent((int)Math.Min(http.Request.ContentLength ?? (64 << 10), DecodedBytesMax));
        byte[] decoded = [];
        try
        {
            int length;
            (body, length) = await ReadBodyAsync(http, body);
            int decodedLength = SnappyBlock.DecodedLength(body.AsSpan(0, length), DecodedBytesMax);
            decoded = ArrayPool<byte>.Shared.Rent(decodedLength);
            SnappyBlock.Decode(body.AsSpan(0, length), decoded.AsSpan(0, decodedLength));
            await AnswerAsync(http, Append(message, decoded.AsSpan(0, decodedLength)), message);
        }
        catch (ProtocolException problem)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status400BadRequest, problem.Message + "\n");
        }
        catch (StoreUnavailableException problem)
        {
            await JsonApi.TextAsync(http, StatusCodes.Status503ServiceUnavailable, problem.Message + "\n");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
            if (decoded.Length > 0) ArrayPool<byte>.Shared.Return(decoded);
        }
    }

    RemoteWriteResult Append(string message, ReadOnlySpan<byte> request)
    {
        if (!_receivers.TryTake(out var receiver)) receiver = new RemoteWriteReceiver(services.Store, _cache, _zeroAtStart);
        try
        {
            return message == MessageV1 ? receiver.AppendV1(request) : receiver.AppendV2(request);
        }
        finally
        {
            _receivers.Add(receiver);
        }
    }

    static async Task AnswerAsync(HttpContext http, RemoteWriteResult result, string message)
    {
        if (message == MessageV2)
        {
            var headers = http.Response.Headers;
            headers["X-Prometheus-Remote-Write-Samples-Written"] = result.Samples.ToString(CultureInfo.InvariantCulture);
            headers["X-Prometheus-Remote-Write-Histograms-Written"] = result.Histograms.ToString(CultureInfo.InvariantCulture);
            headers["X-Prometheus-Remote-Write-Exemplars-Written"] = result.Exemplars.ToString(CultureInfo.InvariantCulture);
        }
        if (result.Problem is null) http.Response.StatusCode = StatusCodes.Status204NoContent;
        else await JsonApi.TextAsync(http, StatusCodes.Status400BadRequest, result.Problem + "\n");
    }

    static async Task<(byte[] Body, int Length)> ReadBodyAsync(HttpContext http, byte[] body)
    {
        int length = 0;
        while (true)
        {
            if (length == body.Length)
            {
                byte[] larger = ArrayPool<byte>.Shared.Rent(body.Length * 2);
                body.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(body);
                body = larger;
            }
            int read = await http.Request.Body.ReadAsync(body.AsMemory(length), http.RequestAborted);
            if (read == 0) return (body, length);
            length += read;
        }
    }

    /// <summary>The message the content type names, or null if it is none of ours. Without a parameter it is that of version 1.0.</summary>
    static string? MessageOf(string? contentType)
    {
        string[] parts = (contentType ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) return MessageV1;
        if (!parts[0].Equals("application/x-protobuf", StringComparison.OrdinalIgnoreCase)) return null;
        foreach (string part in parts.AsSpan(1))
        {
            if (!part.StartsWith("proto=", StringComparison.OrdinalIgnoreCase)) continue;
            string message = part["proto=".Length..];
            return message is MessageV1 or MessageV2 ? message : null;
        }
        return MessageV1;
    }
}
