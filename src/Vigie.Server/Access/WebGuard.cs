using System.Net.Security;
using Vigie.Configuration;
using Vigie.Configuration.Web;
using Vigie.Server.Hosting;
using Vigie.Server.Http;

namespace Vigie.Server.Access;

/// <summary>
/// Stands before everything a surface serves, as its web configuration asks: rate limit, headers, user and password (exporter-toolkit, web/handler.go). A
/// configuration that cannot be used lets nobody in. Whether there is TLS, HTTP/2 and a rate limit is decided at the start, as upstream.
/// </summary>
sealed class WebGuard : IDisposable
{
    readonly WebConfigFile _file;
    readonly ILogger _logger;
    readonly OncePerMinute _tlsFailure;
    readonly PasswordCheck _passwords;
    readonly TokenBucket? _rate;
    readonly Action<string> _refused;

    /// <param name="refused">Told why a request was refused: "credentials", "rate" or "configuration".</param>
    /// <param name="mayAskForPasswords">False: a file with users is refused, for the surface asks for its own.</param>
    /// <exception cref="ConfigException">The file has errors; the message lists all.</exception>
    public WebGuard(
        WebConfigFile file, TimeProvider clock, ILogger logger, Action<string> refused, bool mayAskForPasswords = true,
        PasswordCheck? passwords = null)
    {
        var config = file.Open();
        if (config.Users.Count > 0 && !mayAskForPasswords)
        {
            var problems = new ConfigProblems();
            problems.Error(new SourcePosition(file.Path, 0, 0), "basic_auth_users",
                "found users, expected none: the web UI has a sign-in of its own (--web.auth)");
            throw new ConfigException(problems);
        }
        (_file, _logger) = (file, logger);
        _tlsFailure = new OncePerMinute(clock);
        _refused = refused;
        _passwords = passwords ?? new PasswordCheck();
        if (config.RateLimit is { } limit) _rate = new TokenBucket(limit, clock);
        HasTls = config.Tls is not null;
        HasHttp2 = HasTls && config.Http2;
    }

    public bool HasTls { get; }
    public bool HasHttp2 { get; }

    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        if (_file.Current is not var (config, _))
        {
            await RefuseAsync(http, StatusCodes.Status500InternalServerError, "Internal Server Error", "configuration");
            return;
        }
        if (_rate?.TryTake() == false)
        {
            await RefuseAsync(http, StatusCodes.Status429TooManyRequests, "Too Many Requests", "rate");
            return;
        }
        foreach (var (name, value) in config.Headers) http.Response.Headers[name] = value;
        if (config.Users.Count > 0 && !await IsKnownAsync(http, config))
        {
            http.Response.Headers.WWWAuthenticate = "Basic";
            await RefuseAsync(http, StatusCodes.Status401Unauthorized, "Unauthorized", "credentials");
            return;
        }
        await next(http);
    }

    /// <summary>What a handshake goes by.</summary>
    /// <exception cref="ConfigFileException">There is no TLS, or no usable certificate, any more.</exception>
    public SslServerAuthenticationOptions TlsOptions()
    {
        try
        {
            return _file.Current is (_, { } tls) ? tls.Options() : throw new ConfigFileException(_file.Path, "TLS config is not present");
        }
        catch (ConfigFileException problem)
        {
            if (_tlsFailure.IsDue()) HostingLog.TlsFailed(_logger, problem.Message);
            throw;
        }
    }

    public void Dispose() => _passwords.Dispose();

    async Task<bool> IsKnownAsync(HttpContext http, WebConfig config)
    {
        if (BasicCredentials.Of(http.Request) is not { } credentials) return false;
        try
        {
            return await _passwords.IsRightAsync(config.Users, credentials, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return false; // the client has left
        }
    }

    Task RefuseAsync(HttpContext http, int status, string text, string reason)
    {
        _refused(reason);
        http.Response.Headers.XContentTypeOptions = "nosniff"; // as Go's http.Error
        http.Response.ContentLength = text.Length + 1;
        return JsonApi.TextAsync(http, status, text + "\n");
    }
}
