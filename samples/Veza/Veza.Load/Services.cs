using System.Net;
using System.Net.Http.Json;

namespace Veza.Load;

/// <summary>The three services, and the tally of what they answered.</summary>
sealed class Services : IDisposable
{
    static readonly TimeSpan s_callTimeout = TimeSpan.FromSeconds(30);

    readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 512, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1) })
    {
        Timeout = s_callTimeout,
    };

    public Services(LoadOptions options)
    {
        Backend = options.Backend;
        Chat = options.Chat;
        Stream = options.Stream;
    }

    public Uri Backend { get; }

    public Uri Chat { get; }

    public Uri Stream { get; }

    public Tally Tally { get; } = new();

    public Uri Named(string name) => name switch
    {
        "backend" => Backend,
        "chat" => Chat,
        _ => Stream,
    };

    /// <summary>Makes a call for a user. The answer is null when the service cannot be reached; the caller disposes it.</summary>
    public async Task<HttpResponseMessage?> CallAsync(
        HttpMethod method, Uri service, string path, VirtualUser user, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(service, path)) { Content = body };
        request.Headers.Add("X-Forwarded-For", user.Address);
        if (user.Token is { } token) request.Headers.Authorization = new("Bearer", token);
        try
        {
            var response = await _client.SendAsync(request, cancellationToken);
            Tally.Add(response.StatusCode);
            return response;
        }
        catch (Exception e) when (IsUnreachable(e, cancellationToken))
        {
            Tally.AddUnreachable();
            return null;
        }
    }

    /// <summary>A call of which the status alone matters; null when the service cannot be reached.</summary>
    public async Task<HttpStatusCode?> SendAsync(
        HttpMethod method, Uri service, string path, VirtualUser user, HttpContent? body, CancellationToken cancellationToken)
    {
        using var response = await CallAsync(method, service, path, user, body, cancellationToken);
        return response?.StatusCode;
    }

    /// <summary>A call whose JSON answer is wanted; default when it does not succeed.</summary>
    public async Task<T?> PostAsync<T>(Uri service, string path, VirtualUser user, object? body, CancellationToken cancellationToken)
    {
        using var response = await CallAsync(HttpMethod.Post, service, path, user, body is null ? null : JsonContent.Create(body), cancellationToken);
        return response?.IsSuccessStatusCode == true ? await response.Content.ReadFromJsonAsync<T>(cancellationToken) : default;
    }

    /// <summary>A cancellation that nobody asked for is the call's own timeout.</summary>
    static bool IsUnreachable(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    public void Dispose() => _client.Dispose();
}
