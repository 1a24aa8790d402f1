using System.Net;
using System.Net.Http.Headers;
using Vigie.Configuration;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteRead;

namespace Vigie.Remote;

/// <summary>Why a remote server's samples are missing from an answer.</summary>
sealed class RemoteReadFailure(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Asks one remote server for samples (prometheus storage/remote/client.go). Safe for concurrent use.</summary>
sealed class RemoteReadClient(RemoteReadConfig config, HttpMessageHandler handler, TimeProvider clock, string userAgent) : IDisposable
{
    /// <summary>Most bytes of an answer that comes in one piece, decompressed.</summary>
    const int AnswerBytesMax = 1 << 30;
    const int ProblemCharsMax = 512;

    readonly HttpClient _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };

    public RemoteReadConfig Config => config;

    /// <returns>Series with samples, sorted by their labels.</returns>
    /// <exception cref="RemoteReadFailure">The server cannot be reached, refuses, or answers what cannot be read.</exception>
    public async Task<RemoteSeriesSet> ReadAsync(RemoteReadQuery query, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(config.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = RequestOf(query);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) throw await FailureOfAsync(response, either.Token).ConfigureAwait(false);
            var series = new Dictionary<Labels, SampleColumns>();
            await ReadAnswerAsync(response, series, either.Token).ConfigureAwait(false);
            return new RemoteSeriesSet(series, query.Range);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new RemoteReadFailure($"remote_read: error sending request: no answer from {config.Url} within {GoDuration.Format(config.Timeout)}");
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or ConfigFileException or ProtocolException)
        {
            throw new RemoteReadFailure($"remote_read: error reading from {config.Url}: {problem.InnerException?.Message ?? problem.Message}", problem);
        }
    }

    public void Dispose() => _http.Dispose();

    HttpRequestMessage RequestOf(RemoteReadQuery query)
    {
        byte[] message = new RemoteReadRequest([query], [RemoteReadResponseType.StreamedXorChunks, RemoteReadResponseType.Samples]).ToBytes();
        byte[] body = new byte[SnappyBlockEncoder.EncodedLengthMax(message.Length)];
        int length = new SnappyBlockEncoder().Encode(message, body);
        var request = new HttpRequestMessage(HttpMethod.Post, config.Url) { Content = new ByteArrayContent(body, 0, length) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "snappy");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Remote-Read-Version", "0.1.0");
        foreach (var (name, value) in config.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    async Task ReadAnswerAsync(HttpResponseMessage response, Dictionary<Labels, SampleColumns> series, CancellationToken cancellation)
    {
        string type = response.Content.Headers.ContentType?.MediaType ?? "";
        using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        switch (type)
        {
            case "application/x-protobuf":
                byte[] body = await ReadAllAsync(stream, cancellation).ConfigureAwait(false);
                byte[] message = new byte[SnappyBlock.DecodedLength(body, AnswerBytesMax)];
                SnappyBlock.Decode(body, message);
                RemoteReadResponseReader.ReadSamples(message, ColumnsOf);
                break;
            case "application/x-streamed-protobuf":
                byte[][] buffer = [new byte[64 << 10]];
                while (await ReadFrame.ReadAsync(stream, buffer, config.ChunkedReadLimit, cancellation).ConfigureAwait(false) is { } frame)
                    RemoteReadResponseReader.ReadChunks(frame.Span, ColumnsOf);
                break;
            default:
                throw new ProtocolException($"unsupported content type: {type}");
        }

        SampleColumns ColumnsOf(Labels labels)
        {
            if (!series.TryGetValue(labels, out var columns)) series[labels] = columns = new SampleColumns();
            return columns;
        }
    }

    static async Task<byte[]> ReadAllAsync(Stream stream, CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > AnswerBytesMax) throw new ProtocolException($"found an answer of more than {AnswerBytesMax} bytes");
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }

    async Task<RemoteReadFailure> FailureOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var bytes = new byte[ProblemCharsMax];
        int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        string text = System.Text.Encoding.UTF8.GetString(bytes, 0, length).Trim();
        return new RemoteReadFailure(
            $"remote_read: remote server {config.Url} returned http status {(int)response.StatusCode} {ReasonOf(response)}: {text}");
    }

    static string ReasonOf(HttpResponseMessage response) => response.ReasonPhrase ?? ((HttpStatusCode)(int)response.StatusCode).ToString();
}
