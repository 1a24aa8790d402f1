using Vigie.Configuration.Schema;
using Vigie.Model;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Web;

/// <summary>The keys of a web configuration and what must hold between them.</summary>
static class WebConfigSchema
{
    static readonly string[] s_versions = ["TLS10", "TLS11", "TLS12", "TLS13"];

    /// <summary>Headers that may be set, with the values they may have; none: any.</summary>
    static readonly Dictionary<string, string[]> s_headers = new(StringComparer.Ordinal)
    {
        ["Strict-Transport-Security"] = [],
        ["X-Content-Type-Options"] = ["nosniff"],
        ["X-Frame-Options"] = ["deny", "sameorigin"],
        ["X-XSS-Protection"] = [],
        ["Content-Security-Policy"] = [],
    };

    public static IReadOnlyDictionary<string, ClientAuth> ClientAuthTypes { get; } = new Dictionary<string, ClientAuth>(StringComparer.Ordinal)
    {
        [""] = ClientAuth.None,
        ["NoClientCert"] = ClientAuth.None,
        ["RequestClientCert"] = ClientAuth.Request,
        ["RequireAnyClientCert"] = ClientAuth.RequireAny,
        ["RequireClientCert"] = ClientAuth.RequireAny,
        ["VerifyClientCertIfGiven"] = ClientAuth.VerifyIfGiven,
        ["RequireAndVerifyClientCert"] = ClientAuth.RequireAndVerify,
    };

    static SectionSchema Tls { get; } = new("tls_server_config",
        [
            Text("cert"), SecretText("key"), Text("client_ca"), PathTo("cert_file"), PathTo("key_file"),
            OneOf("client_auth_type", [.. ClientAuthTypes.Keys]), PathTo("client_ca_file"), Texts("cipher_suites"), Texts("curve_preferences"),
            OneOf("min_version", s_versions).Or("TLS12"), OneOf("max_version", s_versions).Or("TLS13"),
            Bool("prefer_server_cipher_suites").Or(true), Texts("client_allowed_sans"),
        ], CheckTls);

    static SectionSchema Http { get; } = new("http_server_config", [Bool("http2").Or(true), Map("headers")], CheckHeaders);

    static SectionSchema RateLimit { get; } = new("rate_limit", [Int("burst", 0, int.MaxValue), GoSpan("interval")],
        static (s, reader) =>
        {
            if (s.Duration("interval") < TimeSpan.Zero)
                reader.Error(s, "interval", $"found {GoText.Quote(s.NodeOf("interval").Text)}, expected a duration from 0 up");
        });

    public static SectionSchema Top { get; } = new("the web configuration",
        [Sub("tls_server_config", Tls), Sub("http_server_config", Http), Sub("rate_limit", RateLimit), Map("basic_auth_users")], CheckUsers);

    /// <summary>As upstream: TLS is meant when one of these keys is there.</summary>
    public static bool IsTlsEnabled(Section tls) =>
        new[] { "cert", "cert_file", "key", "key_file", "client_ca", "client_ca_file", "client_auth_type" }.Any(tls.IsGiven);

    static void CheckTls(Section s, SectionReader reader)
    {
        foreach (string suite in s.Texts("cipher_suites"))
            if (!CipherSuites.IsKnown(suite)) reader.Error(s, "cipher_suites", $"unknown cipher: {suite}; expected {CipherSuites.Expected}");
        foreach (string curve in s.Texts("curve_preferences"))
            if (curve is not ("CurveP256" or "CurveP384" or "CurveP521" or "X25519"))
                reader.Error(s, "curve_preferences", $"unknown curve: {curve}; expected CurveP256, CurveP384, CurveP521 or X25519");
        if (!s.IsZero("curve_preferences"))
            reader.Warning(s, "curve_preferences", "found preferred curves, which this program cannot set: they are those of the system's OpenSSL");
        if (string.CompareOrdinal(s.Text("min_version"), s.Text("max_version")) > 0)
            reader.Error(s, "max_version", $"found {s.Text("max_version")}, expected a version from min_version ({s.Text("min_version")}) up");
        if (!IsTlsEnabled(s)) return;
        if (!s.IsGiven("cert") && !s.IsGiven("cert_file")) reader.Error(s, "missing one of cert or cert_file");
        if (!s.IsGiven("key") && !s.IsGiven("key_file")) reader.Error(s, "missing one of key or key_file");
        var auth = ClientAuthTypes.GetValueOrDefault(s.Text("client_auth_type"));
        if ((s.IsGiven("client_ca") || s.IsGiven("client_ca_file")) && (!s.IsGiven("client_auth_type") || s.Text("client_auth_type") == "NoClientCert"))
            reader.Error(s, "client CA's have been configured without a Client Auth Policy; expected client_auth_type: RequireAndVerifyClientCert");
        if (!s.IsZero("client_allowed_sans") && auth is not (ClientAuth.RequireAny or ClientAuth.RequireAndVerify))
            reader.Error(s, "client_allowed_sans",
                "client_allowed_sans requires client_auth_type to be one of RequireAnyClientCert or RequireAndVerifyClientCert");
    }

    static void CheckHeaders(Section s, SectionReader reader)
    {
        if (!s.Has("headers")) return;
        foreach (var (key, value) in s.NodeOf("headers").Entries)
        {
            string path = $"{s.PathOf("headers")}.{key.Text}";
            if (!s_headers.TryGetValue(key.Text, out string[]? allowed))
                reader.Error(key, path, $"HTTP header {GoText.Quote(key.Text)} can not be configured; expected one of {string.Join(", ", s_headers.Keys)}");
            else if (allowed.Length > 0 && !allowed.Contains(value.Text))
                reader.Error(value, path, $"found {GoText.Quote(value.Text)}, expected {string.Join(" or ", allowed)}");
            else if (value.Text.AsSpan().ContainsAnyInRange('\0', '\x1f'))
                reader.Error(value, path, "found a control character, expected a header value of one line");
        }
    }

    static void CheckUsers(Section s, SectionReader reader)
    {
        if (!s.Has("basic_auth_users")) return;
        foreach (var (key, value) in s.NodeOf("basic_auth_users").Entries)
            if (BcryptHash.ProblemOf(value.Text) is { } problem)
                reader.Error(value, $"basic_auth_users.{key.Text}", $"{problem}; expected a bcrypt hash such as htpasswd -nBC 10 prints");
    }
}
