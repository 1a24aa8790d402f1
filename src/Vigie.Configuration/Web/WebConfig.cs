namespace Vigie.Configuration.Web;

/// <summary>
/// How a web port is protected: the file behind <c>--web.config.file</c> (exporter-toolkit, docs/web-configuration.md). Immutable; paths are already
/// joined with the folder of the file.
/// </summary>
public sealed record WebConfig
{
    /// <summary>Null: plain HTTP.</summary>
    public ServerTlsConfig? Tls { get; init; }

    /// <summary>HTTP/2 on TLS connections.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>Headers that every answer has.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>bcrypt hashes by user; empty: nobody is asked.</summary>
    public IReadOnlyDictionary<string, Secret> Users { get; init; } = new Dictionary<string, Secret>();

    /// <summary>Null: no limit.</summary>
    public RateLimitConfig? RateLimit { get; init; }
}

/// <summary>A token bucket: one request per interval, and a number of them at once.</summary>
public sealed record RateLimitConfig(TimeSpan Interval, int Burst);

/// <summary>The server's side of TLS. Texts are PEM; where both are given, the file counts.</summary>
public sealed record ServerTlsConfig
{
    public string Cert { get; init; } = "";
    public string CertFile { get; init; } = "";
    public Secret? Key { get; init; }
    public string KeyFile { get; init; } = "";
    public string ClientCa { get; init; } = "";
    public string ClientCaFile { get; init; } = "";
    public ClientAuth ClientAuth { get; init; }

    /// <summary>DNS names, addresses, e-mail addresses and URIs, one of which a client's certificate must be for; empty: any.</summary>
    public IReadOnlyList<string> ClientAllowedSans { get; init; } = [];

    /// <summary>TLS10, TLS11, TLS12 or TLS13.</summary>
    public string MinVersion { get; init; } = "TLS12";

    public string MaxVersion { get; init; } = "TLS13";

    /// <summary>Suites of TLS 1.2 and older under their IANA names; empty: the system's choice.</summary>
    public IReadOnlyList<string> CipherSuites { get; init; } = [];
}

/// <summary>Go's tls.ClientAuthType.</summary>
public enum ClientAuth
{
    None,
    Request,
    RequireAny,
    VerifyIfGiven,
    RequireAndVerify,
}
