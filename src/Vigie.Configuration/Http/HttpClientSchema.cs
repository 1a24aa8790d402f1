using Vigie.Configuration.Schema;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Http;

/// <summary>The HTTP client block (prometheus/common, config/http_config.go): its keys, its rules, and the record made of it.</summary>
static class HttpClientSchema
{
    static SectionSchema BasicAuth { get; } = new("basic_auth",
        [Text("username"), PathTo("username_file"), Text("username_ref"), SecretText("password"), PathTo("password_file"),
            Text("password_ref")],
        static (s, reader) =>
        {
            if (Count(s, "username", "username_file", "username_ref") > 1)
                reader.Error(s, "at most one of basic_auth username, username_file & username_ref must be configured");
            if (Count(s, "password", "password_file", "password_ref") > 1)
                reader.Error(s, "at most one of basic_auth password, password_file & password_ref must be configured");
        });

    static SectionSchema Authorization { get; } = new("authorization",
        [Text("type"), SecretText("credentials"), PathTo("credentials_file"), Text("credentials_ref")],
        static (s, reader) =>
        {
            if (Count(s, "credentials", "credentials_file", "credentials_ref") > 1)
                reader.Error(s, "at most one of authorization credentials & credentials_file must be configured");
            string type = s.Text("type").Trim();
            s.Set("type", type.Length == 0 ? "Bearer" : type);
            if (string.Equals(type, "basic", StringComparison.OrdinalIgnoreCase))
                reader.Error(s, "type", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
        });

    public static SectionSchema Tls { get; } = new("tls_config",
        [
            Text("ca"), Text("cert"), SecretText("key"), PathTo("ca_file"), PathTo("cert_file"), PathTo("key_file"),
            Text("ca_ref"), Text("cert_ref"), Text("key_ref"), Text("server_name"), Bool("insecure_skip_verify").Always(),
            OneOf("min_version", "", "TLS10", "TLS11", "TLS12", "TLS13"), OneOf("max_version", "", "TLS10", "TLS11", "TLS12", "TLS13"),
        ],
        static (s, reader) =>
        {
            if (Count(s, "ca", "ca_file", "ca_ref") > 1) reader.Error(s, "at most one of ca, ca_file & ca_ref must be configured");
            if (Count(s, "cert", "cert_file", "cert_ref") > 1)
                reader.Error(s, "at most one of cert, cert_file & cert_ref must be configured");
            if (Count(s, "key", "key_file", "key_ref") > 1) reader.Error(s, "at most one of key and key_file must be configured");
            bool cert = Count(s, "cert", "cert_file", "cert_ref") > 0, key = Count(s, "key", "key_file", "key_ref") > 0;
            if (cert && !key) reader.Error(s, "exactly one of key or key_file must be configured when a client certificate is configured");
            if (key && !cert) reader.Error(s, "exactly one of cert or cert_file must be configured when a client key is configured");
        });

    static IReadOnlyList<Field> ProxyFields { get; } =
        [Text("proxy_url"), Text("no_proxy"), Bool("proxy_from_environment"), SecretMap("proxy_connect_header")];

    static SectionSchema OAuth2 { get; } = new("oauth2",
        [
            Text("client_id"), SecretText("client_secret"), PathTo("client_secret_file"), Text("client_secret_ref"),
            SecretText("client_certificate_key"), PathTo("client_certificate_key_file"), Text("client_certificate_key_ref"),
            Text("client_certificate_key_id"), Text("grant_type"), Text("signature_algorithm"), Text("iss"), Text("audience"),
            Any("claims"), Texts("scopes"), Text("token_url"), Map("endpoint_params"), Sub("tls_config", Tls), .. ProxyFields,
        ],
        static (s, reader) =>
        {
            if (s.IsZero("client_id") && s.Text("grant_type") is "" or "client_credentials")
                reader.Error(s, "client_id", "oauth2 client_id must be configured");
            if (s.IsZero("token_url")) reader.Error(s, "token_url", "oauth2 token_url must be configured");
            if (Count(s, "client_secret", "client_secret_file", "client_secret_ref") > 1)
                reader.Error(s, "at most one of oauth2 client_secret & client_secret_file must be configured");
            CheckProxy(s, reader);
        });

    static SectionSchema Header { get; } = new("http_headers", [Texts("values"), SecretTexts("secrets"), Paths("files")]);

    static Field SecretTexts(string key) => new(key, SecretListType.Instance);

    /// <summary>Keys of the block, for sections that hold them among their own.</summary>
    public static IReadOnlyList<Field> Fields { get; } =
    [
        OptionalSub("basic_auth", BasicAuth), OptionalSub("authorization", Authorization), OptionalSub("oauth2", OAuth2),
        SecretText("bearer_token"), PathTo("bearer_token_file"), Sub("tls_config", Tls), Bool("follow_redirects").Or(true).Always(),
        Bool("enable_http2").Or(true).Always(), .. ProxyFields, SubMap("http_headers", Header),
    ];

    /// <summary>The block under a key of its own: <c>http_config</c>.</summary>
    public static SectionSchema Schema { get; } = new("http_config", Fields, Check);

    static readonly HashSet<string> s_reservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization", "Host", "Content-Encoding", "Content-Length", "Content-Type", "User-Agent", "Connection", "Keep-Alive",
        "Proxy-Authenticate", "Proxy-Authorization", "Www-Authenticate", "Accept-Encoding", "X-Prometheus-Remote-Write-Version",
        "X-Prometheus-Remote-Read-Version", "X-Prometheus-Scrape-Timeout-Seconds",
    };

    /// <summary>The rules between the keys; moves the older bearer keys to <c>authorization</c>.</summary>
    public static void Check(Section s, SectionReader reader)
    {
        int bearer = Count(s, "bearer_token", "bearer_token_file");
        bool basic = s.Sub("basic_auth") is not null, oauth2 = s.Sub("oauth2") is not null,
            authorization = s.Sub("authorization") is not null;
        if (bearer > 1) reader.Error(s, "bearer_token", "at most one of bearer_token & bearer_token_file must be configured");
        if (bearer > 0 && (basic || oauth2))
            reader.Error(s, "bearer_token", "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured");
        if (authorization && bearer > 0)
            reader.Error(s, "authorization", "authorization is not compatible with bearer_token & bearer_token_file");
        if (authorization && (basic || oauth2))
            reader.Error(s, "authorization", "at most one of basic_auth, oauth2 & authorization must be configured");
        else if (basic && oauth2) reader.Error(s, "oauth2", "at most one of basic_auth, oauth2 & authorization must be configured");
        if (bearer == 1 && !authorization)
        {
            s.Set("authorization", Bearer(s, s.Secret("bearer_token"), s.Text("bearer_token_file")));
            s.Set("bearer_token", null);
            s.Set("bearer_token_file", "");
        }
        CheckProxy(s, reader);
        foreach (string name in HeadersOf(s).Keys)
            if (s_reservedHeaders.Contains(name)) reader.Error(s, "http_headers", $"setting header \"{name}\" is not allowed");
    }

    static Section Bearer(Section s, Secret? credentials, string credentialsFile)
    {
        var authorization = Authorization.Empty(s.Node.Position.File);
        authorization.Set("type", "Bearer");
        authorization.Set("credentials", credentials);
        authorization.Set("credentials_file", credentialsFile);
        return authorization;
    }

    /// <summary>A copy of the block that sends a token.</summary>
    public static Section WithBearer(Section s, Secret? credentials, string credentialsFile)
    {
        var copy = new Section(s.Schema, s.Node, s.Path);
        foreach (var field in s.Schema.Fields) copy.Set(field.Key, s[field.Key]);
        copy.Set("authorization", Bearer(s, credentials, credentialsFile));
        return copy;
    }

    static void CheckProxy(Section s, SectionReader reader)
    {
        bool url = !s.IsZero("proxy_url"), environment = s.Bool("proxy_from_environment"), none = !s.IsZero("no_proxy");
        if (url && !IsProxyUrl(s.Text("proxy_url")))
            reader.Warning(s, "proxy_url",
                $"found {Model.GoText.Quote(s.Text("proxy_url"))}, expected a URL such as http://proxy:3128; it is taken as http");
        if (!s.IsZero("proxy_connect_header") && !url && !environment)
            reader.Error(s, "proxy_connect_header",
                "if proxy_connect_header is configured, proxy_url or proxy_from_environment must also be configured");
        else if (!s.IsZero("proxy_connect_header"))
            reader.Warning(s, "proxy_connect_header", "found headers for CONNECT requests, which are not sent by this program");
        if (environment && url) reader.Error(s, "proxy_url", "if proxy_from_environment is configured, proxy_url must not be configured");
        if (environment && none) reader.Error(s, "no_proxy", "if proxy_from_environment is configured, no_proxy must not be configured");
        if (none && !url && !environment) reader.Error(s, "no_proxy", "if no_proxy is configured, proxy_url must also be configured");
    }

    static bool IsProxyUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" or "socks4" or "socks4a" or "socks5";

    /// <summary>Copies the proxy settings of another block if this one has none.</summary>
    public static void TakeProxy(Section s, Section from)
    {
        if (ProxyFields.Any(field => !s.IsZero(field.Key))) return;
        foreach (var field in ProxyFields) s.Set(field.Key, from[field.Key]);
    }

    /// <summary>Whether the block says nothing but the defaults.</summary>
    public static bool IsDefault(Section s) =>
        Fields.All(field => field.Default is null ? field.Type.IsZero(s[field.Key]) : field.Default.Equals(s[field.Key]));

    /// <summary>How many of the keys are set.</summary>
    public static int Count(Section s, params ReadOnlySpan<string> keys)
    {
        int count = 0;
        foreach (string key in keys)
            if (s.IsGiven(key)) count++;
        return count;
    }

    static IReadOnlyDictionary<string, Section> HeadersOf(Section s) =>
        (IReadOnlyDictionary<string, Section>?)s["http_headers"] ?? new Dictionary<string, Section>();

    /// <summary>Makes the record of a section that holds <see cref="Fields"/>.</summary>
    public static HttpClientConfig Build(Section s) => new()
    {
        BasicAuth = s.Sub("basic_auth") is { } basic ? new BasicAuthConfig
        {
            Username = basic.Text("username"),
            UsernameFile = basic.Text("username_file"),
            Password = basic.Secret("password"),
            PasswordFile = basic.Text("password_file"),
        } : null,
        Authorization = s.Sub("authorization") is { } authorization ? new AuthorizationConfig
        {
            Type = authorization.Text("type"),
            Credentials = authorization.Secret("credentials"),
            CredentialsFile = authorization.Text("credentials_file"),
        } : null,
        OAuth2 = s.Sub("oauth2") is { } oauth2 ? new OAuth2Config
        {
            ClientId = oauth2.Text("client_id"),
            ClientSecret = oauth2.Secret("client_secret"),
            ClientSecretFile = oauth2.Text("client_secret_file"),
            Scopes = oauth2.Texts("scopes"),
            TokenUrl = oauth2.Text("token_url"),
            EndpointParams = oauth2.Map("endpoint_params"),
            Tls = BuildTls(oauth2.Sub("tls_config")),
            Proxy = BuildProxy(oauth2),
        } : null,
        Tls = BuildTls(s.Sub("tls_config")),
        Proxy = BuildProxy(s),
        FollowRedirects = s.Bool("follow_redirects"),
        EnableHttp2 = s.Bool("enable_http2"),
        Headers = HeadersOf(s).ToDictionary(static h => h.Key, static h => new HttpHeaderConfig
        {
            Values = h.Value.Texts("values"),
            Secrets = (IReadOnlyList<Secret>?)h.Value["secrets"] ?? [],
            Files = h.Value.Texts("files"),
        }, StringComparer.Ordinal),
    };

    public static TlsConfig BuildTls(Section? s) => s is null ? new TlsConfig() : new TlsConfig
    {
        Ca = s.Text("ca"),
        CaFile = s.Text("ca_file"),
        Cert = s.Text("cert"),
        CertFile = s.Text("cert_file"),
        Key = s.Secret("key"),
        KeyFile = s.Text("key_file"),
        ServerName = s.Text("server_name"),
        InsecureSkipVerify = s.Bool("insecure_skip_verify"),
        MinVersion = s.Text("min_version"),
        MaxVersion = s.Text("max_version"),
    };

    static ProxyConfig BuildProxy(Section s) => new()
    {
        Url = s.IsZero("proxy_url")
            || s.Text("proxy_url").Contains("://", StringComparison.Ordinal) ? s.Text("proxy_url") : $"http://{s.Text("proxy_url")}",
        NoProxy = s.Text("no_proxy"),
        FromEnvironment = s.Bool("proxy_from_environment"),
        ConnectHeaders = (IReadOnlyDictionary<string, IReadOnlyList<Secret>>?)s["proxy_connect_header"]
            ?? new Dictionary<string, IReadOnlyList<Secret>>(),
    };
}
