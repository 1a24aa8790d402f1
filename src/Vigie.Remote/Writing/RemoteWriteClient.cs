using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Vigie.Configuration;
using Vigie.Configuration.Prometheus;

namespace Vigie.Remote;

/// <summary>What became of a request.</summary>
enum SendOutcome : byte
{
    Delivered,
    /// <summary>The receiver cannot take it now: send it again.</summary>
    Retry,
    /// <summary>The receiver will never take it.</summary>
    Rejected,
}

/// <param name="Problem">"" if it was delivered.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone; null if it did not say.</param>
/// <param name="Written">What a receiver of version 2.0 says it wrote of samples, histograms and exemplars together; null if it did not
/// say.</param>
readonly record struct SendResult(SendOutcome Outcome, string Problem = "", TimeSpan? RetryAfter = null, long? Written = null);

/// <summary>Posts requests to one receiver (Prometheus remote write specification). Safe for concurrent use.</summary>
sealed class RemoteWriteClient : IDisposable
{
    const int ProblemCharsMax = 1024;

    readonly HttpClient _http;
    readonly RemoteWriteConfig _config;
    readonly TimeProvider _clock;
    readonly string _userAgent;

    public RemoteWriteClient(RemoteWriteConfig config, HttpMessageHandler handler, TimeProvider clock, string userAgent)
    {
        _config = config;
        _clock = clock;
        _userAgent = userAgent;
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <param name="body">Compressed with snappy.</param>
    /// <param name="attempt">0 the first time.</param>
    public async Task<SendResult> SendAsync(
        ReadOnlyMemory<byte> body, string contentType, string version, int attempt, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(_config.Timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = RequestOf(body, contentType, version, attempt);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return await ResultOfAsync(response, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new SendResult(SendOutcome.Retry,
                string.Create(CultureInfo.InvariantCulture, $"no answer from {_config.Url} within {_config.Timeout.TotalSeconds} s"));
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or ConfigFileException)
        {
            return new SendResult(SendOutcome.Retry, problem.InnerException?.Message ?? problem.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    HttpRequestMessage RequestOf(ReadOnlyMemory<byte> body, string contentType, string version, int attempt)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _config.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        request.Content.Headers.ContentEncoding.Add("snappy");
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        request.Headers.TryAddWithoutValidation("X-Prometheus-Remote-Write-Version", version);
        if (attempt > 0) request.Headers.TryAddWithoutValidation("Retry-Attempt", attempt.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in _config.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }

    async Task<SendResult> ResultOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return new SendResult(SendOutcome.Delivered, Written: WrittenOf(response.Headers));
        string line = await FirstLineAsync(response.Content, cancellation).ConfigureAwait(false);
        string problem = $"server returned HTTP status {(int)response.StatusCode} {response.ReasonPhrase}: {line}";
        bool retry = (int)response.StatusCode / 100 == 5
            || (response.StatusCode == HttpStatusCode.TooManyRequests && _config.Queue.RetryOnRateLimit);
        return retry
            ? new SendResult(SendOutcome.Retry, problem, RetryAfterOf(response.Headers.RetryAfter))
            : new SendResult(SendOutcome.Rejected, problem, Written: WrittenOf(response.Headers));
    }

    TimeSpan? RetryAfterOf(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _clock.GetUtcNow() : TimeSpan.Zero);
        return wait > TimeSpan.Zero ? wait : null;
    }

    static long? WrittenOf(HttpResponseHeaders headers)
    {
        long? written = null;
        foreach (string what in (ReadOnlySpan<string>)["Samples", "Histograms", "Exemplars"])
        {
            if (!headers.TryGetValues($"X-Prometheus-Remote-Write-{what}-Written", out var values)) continue;
            if (long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
                written = (written ?? 0) + count;
        }
        return written;
    }

    static async Task<string> FirstLineAsync(HttpContent content, CancellationToken cancellation)
    {
        using var stream = await content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        var bytes = new byte[ProblemCharsMax];
        int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        string text = System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? text : text[..end];
    }
}
