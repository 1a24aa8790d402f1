using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Vigie.Configuration.Http;

/// <summary>
/// Fetches an access token with the client credentials grant (RFC 6749 section 4.4), keeps it until shortly before it expires, and sends it
/// along. Requests that need one at the same time share the fetch.
/// </summary>
sealed class OAuth2Handler(HttpMessageHandler inner, OAuth2Config config, IConfigFiles files, HttpClient tokens, TimeProvider clock)
    : DelegatingHandler(inner)
{
    static readonly TimeSpan s_renewBefore = TimeSpan.FromSeconds(10);

    const int AnswerBytesMax = 1024 * 1024;

    readonly SemaphoreSlim _fetching = new(1, 1);
    AuthenticationHeaderValue? _token;      // guarded by _fetching
    DateTimeOffset _expiresAt;              // guarded by _fetching

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??= await TokenAsync(cancellationToken).ConfigureAwait(false);
        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            tokens.Dispose();
            _fetching.Dispose();
        }
        base.Dispose(disposing);
    }

    async Task<AuthenticationHeaderValue> TokenAsync(CancellationToken cancellation)
    {
        await _fetching.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_token is null || clock.GetUtcNow() >= _expiresAt - s_renewBefore) await FetchAsync(cancellation).ConfigureAwait(false);
            return _token!;
        }
        finally
        {
            _fetching.Release();
        }
    }

    async Task FetchAsync(CancellationToken cancellation)
    {
        using var request = TokenRequest(credentialsInHeader: true);
        using var first = await tokens.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (first.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized))
        {
            await AcceptAsync(first, cancellation).ConfigureAwait(false);
            return;
        }
        // Some servers know the credentials in the form only (RFC 6749 section 2.3.1).
        using var again = TokenRequest(credentialsInHeader: false);
        using var second = await tokens.SendAsync(again, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        await AcceptAsync(second, cancellation).ConfigureAwait(false);
    }

    HttpRequestMessage TokenRequest(bool credentialsInHeader)
    {
        string secret = files.Reveal(config.ClientSecret, config.ClientSecretFile);
        var form = new List<KeyValuePair<string, string>> { new("grant_type", "client_credentials") };
        if (config.Scopes.Count > 0) form.Add(new("scope", string.Join(' ', config.Scopes)));
        form.AddRange(config.EndpointParams);
        var request = new HttpRequestMessage(HttpMethod.Post, config.TokenUrl);
        if (credentialsInHeader)
        {
            string pair = $"{Uri.EscapeDataString(config.ClientId)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        else
        {
            form.Add(new("client_id", config.ClientId));
            form.Add(new("client_secret", secret));
        }
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    async Task AcceptAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException($"oauth2: cannot fetch token from {config.TokenUrl}: {(int)answer.StatusCode} {answer.ReasonPhrase}");
        await answer.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellation).ConfigureAwait(false);
        using var json = await JsonDocument.ParseAsync(
            await answer.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), default, cancellation).ConfigureAwait(false);
        if (!json.RootElement.TryGetProperty("access_token", out var token) || token.GetString() is not { Length: > 0 } text)
            throw new HttpRequestException($"oauth2: the answer of {config.TokenUrl} has no access_token");
        string type = json.RootElement.TryGetProperty("token_type", out var kind) ? kind.GetString() ?? "" : "";
        _token = new AuthenticationHeaderValue(type.Length == 0
            || type.Equals("bearer", StringComparison.OrdinalIgnoreCase) ? "Bearer" : type, text);
        bool expires = json.RootElement.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt64(out _);
        _expiresAt = expires ? clock.GetUtcNow().AddSeconds(seconds.GetInt64()) : DateTimeOffset.MaxValue.AddDays(-1);
    }
}
