namespace Vigie.Configuration.Http;

/// <summary>
/// How to talk to an HTTP server: the client block that scrape jobs, discoveries, remote endpoints and receivers share
/// (prometheus/common, HTTPClientConfig). Immutable; paths are already joined with the folder of the file that names them.
/// </summary>
public sealed record HttpClientConfig
{
    public BasicAuthConfig? BasicAuth { get; init; }

    /// <summary>The Authorization header. The older <c>bearer_token</c> and <c>bearer_token_file</c> arrive here as type Bearer.</summary>
    public AuthorizationConfig? Authorization { get; init; }

    public OAuth2Config? OAuth2 { get; init; }
    public TlsConfig Tls { get; init; } = new();
    public ProxyConfig Proxy { get; init; } = new();

    /// <summary>Default true.</summary>
    public bool FollowRedirects { get; init; } = true;

    /// <summary>Default true (false for remote write, as upstream).</summary>
    public bool EnableHttp2 { get; init; } = true;

    /// <summary>Headers to send, by name.</summary>
    public IReadOnlyDictionary<string, HttpHeaderConfig> Headers { get; init; } = new Dictionary<string, HttpHeaderConfig>();

    public static HttpClientConfig Default { get; } = new();
}

/// <summary>User and password; each given inline or as a file that is read for every request.</summary>
public sealed record BasicAuthConfig
{
    public string Username { get; init; } = "";
    public string UsernameFile { get; init; } = "";
    public Secret? Password { get; init; }
    public string PasswordFile { get; init; } = "";
}

/// <summary>An Authorization header: <c>Type credentials</c>.</summary>
public sealed record AuthorizationConfig
{
    public string Type { get; init; } = "Bearer";
    public Secret? Credentials { get; init; }
    public string CredentialsFile { get; init; } = "";
}

/// <summary>OAuth 2.0 client credentials grant (RFC 6749 section 4.4).</summary>
public sealed record OAuth2Config
{
    public string ClientId { get; init; } = "";
    public Secret? ClientSecret { get; init; }
    public string ClientSecretFile { get; init; } = "";
    public IReadOnlyList<string> Scopes { get; init; } = [];
    public string TokenUrl { get; init; } = "";
    public IReadOnlyDictionary<string, string> EndpointParams { get; init; } = new Dictionary<string, string>();
    public TlsConfig Tls { get; init; } = new();
    public ProxyConfig Proxy { get; init; } = new();
}

/// <summary>Trust and identity of a TLS connection. Texts are PEM; each may be given inline or as a file.</summary>
public sealed record TlsConfig
{
    public string Ca { get; init; } = "";
    public string CaFile { get; init; } = "";
    public string Cert { get; init; } = "";
    public string CertFile { get; init; } = "";
    public Secret? Key { get; init; }
    public string KeyFile { get; init; } = "";

    /// <summary>Name to ask for and to verify instead of the host in the URL; "" for the latter.</summary>
    public string ServerName { get; init; } = "";

    public bool InsecureSkipVerify { get; init; }

    /// <summary>TLS10, TLS11, TLS12, TLS13 or "" for the platform's choice.</summary>
    public string MinVersion { get; init; } = "";

    public string MaxVersion { get; init; } = "";
}

/// <summary>Which proxy to go through.</summary>
public sealed record ProxyConfig
{
    public string Url { get; init; } = "";

    /// <summary>Comma-separated hosts, domains, addresses and networks to reach without the proxy.</summary>
    public string NoProxy { get; init; } = "";

    /// <summary>Take the proxy from HTTP_PROXY, HTTPS_PROXY and NO_PROXY.</summary>
    public bool FromEnvironment { get; init; }

    /// <summary>Headers of the CONNECT request.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Secret>> ConnectHeaders { get; init; } = new Dictionary<string,
        IReadOnlyList<Secret>>();
}

/// <summary>Values of one request header: plain, secret, and read from files.</summary>
public sealed record HttpHeaderConfig
{
    public IReadOnlyList<string> Values { get; init; } = [];
    public IReadOnlyList<Secret> Secrets { get; init; } = [];
    public IReadOnlyList<string> Files { get; init; } = [];
}
