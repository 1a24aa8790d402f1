using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Vigie.Configuration;
using Vigie.Configuration.Http;

namespace Vigie.Alerting;

/// <summary>
/// Posts JSON for the integrations and judges the answer: 2xx is delivered, 5xx and 429 may pass, anything else will not. What it says
/// about a failure never holds the URL (its path often is the secret) or another given secret.
/// </summary>
sealed class HttpSender : IDisposable
{
    /// <summary>How much of an error's body is read and shown.</summary>
    const int BodyBytesMax = 2048, BodyCharsShown = 200;

    /// <summary>Longest wait a server may ask for.</summary>
    static readonly TimeSpan s_retryAfterMax = TimeSpan.FromMinutes(1);

    static readonly ProductInfoHeaderValue s_userAgent = new("Alertmanager", typeof(HttpSender).Assembly.GetName().Version?.ToString(3));

    readonly HttpClient _client;
    readonly TimeProvider _clock;

    public HttpSender(HttpClientConfig config, IntegrationContext context)
    {
        _client = new HttpClient(context.HttpHandlers(config)) { Timeout = Timeout.InfiniteTimeSpan };
        _clock = context.Clock;
    }

    /// <param name="timeout">Zero for none of its own; the deadline of the flush always holds.</param>
    /// <param name="judgeBody">Looks for an error in the body of a 2xx answer: returns it, or null.</param>
    /// <param name="retriedStatus">A further status that may pass.</param>
    public async Task<NotifyOutcome> PostJsonAsync(
        string url, byte[] json, CancellationToken cancellation, TimeSpan timeout = default, Func<string, string?>? judgeBody = null,
        HttpStatusCode? retriedStatus = null, string? bearer = null)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            return NotifyOutcome.Failed("the URL is not a valid http or https URL", NotifyOutcome.OtherReason, mayPass: false);
        using var deadline = timeout > TimeSpan.Zero ? new CancellationTokenSource(timeout, _clock) : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, deadline.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(json) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.Add(s_userAgent);
            if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            string body = await ReadBodyAsync(response, either.Token);
            return Judge(response, body, judgeBody, retriedStatus, [url, address.PathAndQuery, bearer ?? ""]);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return NotifyOutcome.Failed(
                string.Create(CultureInfo.InvariantCulture, $"no answer within the timeout of {timeout.TotalSeconds} s"),
                NotifyOutcome.DeadlineReason, mayPass: true);
        }
        catch (HttpRequestException problem)
        {
            return NotifyOutcome.Failed(Redact(problem.InnerException?.Message ?? problem.Message, [url, address.PathAndQuery]),
                NotifyOutcome.OtherReason, mayPass: true);
        }
        catch (IOException problem)
        {
            return NotifyOutcome.Failed(Redact(problem.Message, [url, address.PathAndQuery]), NotifyOutcome.OtherReason, mayPass: true);
        }
    }

    public void Dispose() => _client.Dispose();

    static NotifyOutcome Judge(
        HttpResponseMessage response, string body, Func<string, string?>? judgeBody, HttpStatusCode? retriedStatus, string[] secrets)
    {
        int status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            return judgeBody?.Invoke(body) is { } refused
                ? NotifyOutcome.Failed(Redact(refused, secrets), NotifyOutcome.ClientReason, mayPass: false)
                : NotifyOutcome.Delivered;
        }
        bool mayPass = status >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests || response.StatusCode == retriedStatus;
        string shown = body.Length > BodyCharsShown ? body[..BodyCharsShown] + "…" : body;
        string problem = string.Create(CultureInfo.InvariantCulture, $"unexpected status code {status}");
        if (shown.Length > 0) problem += ": " + Redact(shown.Trim(), secrets);
        var wait = response.Headers.RetryAfter?.Delta;
        return NotifyOutcome.Failed(
            problem, status >= 500 ? NotifyOutcome.ServerReason : NotifyOutcome.ClientReason, mayPass,
            wait is null || wait <= s_retryAfterMax ? wait : s_retryAfterMax);
    }

    static async Task<string> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        byte[] bytes = new byte[BodyBytesMax];
        int read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return Encoding.UTF8.GetString(bytes, 0, read);
    }

    static string Redact(string text, string[] secrets)
    {
        foreach (string secret in secrets)
            if (secret.Length > 1) text = text.Replace(secret, Secret.Mask, StringComparison.OrdinalIgnoreCase);
        return text;
    }
}
