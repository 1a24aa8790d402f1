using Vigie.Configuration.Checks;
using Vigie.Configuration.Rules;
using Vigie.Configuration.Tests;
using Vigie.Testing;

namespace Vigie.Configuration.Web.Tests;

public sealed class WebConfigLoaderTests
{
    const string Hash = "$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze";

    [Fact]
    public void Load_EverythingSet_IsRead()
    {
        var config = Load($$"""
            tls_server_config:
              cert_file: tls/server.crt
              key_file: /etc/server.key
              client_auth_type: RequireClientCert
              client_ca_file: ../ca.crt
              client_allowed_sans: [a.example]
              min_version: TLS13
              max_version: TLS13
              cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]
              prefer_server_cipher_suites: false
            http_server_config:
              http2: false
              headers: {X-Frame-Options: sameorigin, Content-Security-Policy: ""}
            rate_limit: {interval: 1.5s, burst: 20}
            basic_auth_users: {alice: {{Hash}}}
            """)!;
        var tls = config.Tls!;
        Assert.Equal(("etc/tls/server.crt", "/etc/server.key", "ca.crt"), (tls.CertFile, tls.KeyFile, tls.ClientCaFile));
        Assert.Equal((ClientAuth.RequireAny, "TLS13", "TLS13"), (tls.ClientAuth, tls.MinVersion, tls.MaxVersion));
        Assert.Equal("a.example", Assert.Single(tls.ClientAllowedSans));
        Assert.Equal("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", Assert.Single(tls.CipherSuites));
        Assert.False(config.Http2);
        Assert.Equal(KeyValuePair.Create("X-Frame-Options", "sameorigin"), Assert.Single(config.Headers));
        Assert.Equal(new RateLimitConfig(TimeSpan.FromSeconds(1.5), 20), config.RateLimit);
        Assert.Equal((Hash, "<secret>"), (config.Users["alice"].Reveal(), config.Users["alice"].ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("tls_server_config: {min_version: TLS10}")]
    [InlineData("rate_limit: {interval: 0s, burst: 5}")]
    [InlineData("basic_auth_users:")]
    public void Load_NothingThatProtects_IsOpenAndPlain(string text)
    {
        var config = Load(text)!;
        Assert.Equal((null, true, null), (config.Tls, config.Http2, config.RateLimit));
        Assert.Empty(config.Headers);
        Assert.Empty(config.Users);
    }

    [Theory]
    [InlineData("basic_auth_user: {}", "1:1: basic_auth_user: found the unknown key \"basic_auth_user\", expected a key of the web configuration (did you mean basic_auth_users?)")]
    [InlineData("basic_auth_users: {a: s3cret}",
        "1:23: basic_auth_users.a: hashedSecret too short to be a bcrypted password; expected a bcrypt hash such as htpasswd -nBC 10 prints")]
    [InlineData("basic_auth_users:\n  a:", "2:5: basic_auth_users.a: hashedSecret too short to be a bcrypted password; expected a bcrypt hash such as htpasswd -nBC 10 prints")]
    [InlineData("http_server_config:\n  headers:\n    X-Other: 1", "3:5: http_server_config.headers.X-Other: HTTP header \"X-Other\" can not be configured; "
        + "expected one of Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options, X-XSS-Protection, Content-Security-Policy")]
    [InlineData("http_server_config: {headers: {X-Frame-Options: maybe}}", "1:49: http_server_config.headers.X-Frame-Options: found \"maybe\", expected deny or sameorigin")]
    [InlineData("http_server_config: {headers: {X-XSS-Protection: \"a\\nb\"}}",
        "1:50: http_server_config.headers.X-XSS-Protection: found a control character, expected a header value of one line")]
    [InlineData("tls_server_config: {cert_file: a}", "1:20: tls_server_config: missing one of key or key_file")]
    [InlineData("tls_server_config: {key: a}", "1:20: tls_server_config: missing one of cert or cert_file")]
    [InlineData("tls_server_config: {cert: a, key: b, client_ca: c}",
        "1:20: tls_server_config: client CA's have been configured without a Client Auth Policy; expected client_auth_type: RequireAndVerifyClientCert")]
    [InlineData("tls_server_config: {cert: a, key: b, client_auth_type: NoClientCert, client_ca_file: c}",
        "1:20: tls_server_config: client CA's have been configured without a Client Auth Policy; expected client_auth_type: RequireAndVerifyClientCert")]
    [InlineData("tls_server_config: {cert: a, key: b, client_auth_type: RequestClientCert, client_allowed_sans: [x]}", "1:96: tls_server_config.client_allowed_sans: "
        + "client_allowed_sans requires client_auth_type to be one of RequireAnyClientCert or RequireAndVerifyClientCert")]
    [InlineData("tls_server_config: {min_version: TLS13, max_version: TLS12}", "1:54: tls_server_config.max_version: found TLS12, expected a version from min_version (TLS13) up")]
    [InlineData("tls_server_config: {curve_preferences: [P1]}", "1:40: tls_server_config.curve_preferences: unknown curve: P1; expected CurveP256, CurveP384, CurveP521 or X25519")]
    [InlineData("rate_limit: {interval: -1s}", "1:24: rate_limit.interval: found \"-1s\", expected a duration from 0 up")]
    public void Load_WrongFile_SaysWhereAndWhatIsExpected(string text, string expected)
    {
        var problems = new ConfigProblems();
        Assert.Null(WebConfigLoader.Load("web.yml", text, problems));
        Assert.Equal("web.yml:" + expected, string.Join('\n', problems.Errors));
    }

    [Theory]
    [InlineData("tls_server_config: {cert: a, key: b, client_auth_type: Maybe}", "tls_server_config.client_auth_type: found \"Maybe\", expected one of NoClientCert, ")]
    [InlineData("tls_server_config: {min_version: TLS9}", "tls_server_config.min_version: found \"TLS9\", expected one of TLS10, TLS11, TLS12, TLS13")]
    [InlineData("tls_server_config: {cipher_suites: [X]}", "tls_server_config.cipher_suites: unknown cipher: X; expected one of TLS_AES_128_GCM_SHA256, ")]
    public void Load_WrongChoice_NamesTheChoices(string text, string expected)
    {
        var problems = new ConfigProblems();
        Assert.Null(WebConfigLoader.Load("web.yml", text, problems));
        Assert.Contains(expected, string.Join('\n', problems.Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "hashedSecret too short to be a bcrypted password")]
    [InlineData("x2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze", "bcrypt hashes must start with '$'")]
    [InlineData("$3y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze", "found an unknown version of bcrypt, expected $2a$, $2b$ or $2y$")]
    [InlineData("$2y$1x$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze", "found no cost")]
    [InlineData("$2y$03$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze", "cost 3 is outside allowed range (4,31)")]
    [InlineData("$2y$10$mDwo!lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze", "found a character that is in no bcrypt hash")]
    [InlineData("$2y$10$mDwo.lAisC94iLAyP81MCesa29IzH37oigHC/42V2pdJlUprsJPze0", "found 61 characters, too many for a bcrypted password")]
    [InlineData(Hash, null)]
    public void BcryptHash_ProblemOf(string text, string? expected) => Assert.Equal(expected, BcryptHash.ProblemOf(text));

    [Fact]
    public void Check_Certificates_AreReadToo()
    {
        using var authority = new TestCertificates();
        var (certificate, key) = authority.Server();
        const string Tls = "tls_server_config: {cert_file: a.crt, key_file: a.key, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt}";
        Check((0, "web.yml SUCCESS\n", ""), Tls, ("a.crt", certificate), ("a.key", key), ("ca.crt", authority.AuthorityPem));
        Check((1, "", "web.yml FAILED: web.yml: tls_server_config: a.key: failed to read key_file: no such file or directory\n"), Tls,
            ("a.crt", certificate), ("ca.crt", authority.AuthorityPem));
        Check((1, "", "web.yml FAILED: web.yml: tls_server_config: ca.crt: found no certificate\n"), Tls, ("a.crt", certificate), ("a.key", key), ("ca.crt", key));
        var (code, _, errors) = Run(Tls, ("a.crt", certificate), ("a.key", authority.Client("other").Key), ("ca.crt", authority.AuthorityPem));
        Assert.Equal(1, code);
        Assert.StartsWith("web.yml FAILED: web.yml: tls_server_config: a.crt: failed to load X509KeyPair: ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void SansOf_AllKindsUpstreamCompares()
    {
        using var authority = new TestCertificates();
        using var certificate = System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(authority.Client("me").Certificate);
        Assert.Equal(["10.0.0.7", "fd00::7", "me.example", "me@example", "spiffe://example/me"],
            ClientCertificates.SansOf(certificate).Order(StringComparer.Ordinal));
    }

    static WebConfig? Load(string text)
    {
        var problems = new ConfigProblems();
        var config = WebConfigLoader.Load("etc/web.yml", text, problems);
        Assert.Empty(problems.All);
        return config;
    }

    static void Check((int Code, string Output, string Errors) expected, string text, params (string Path, string Text)[] others) =>
        Assert.Equal(expected, Run(text, others));

    static (int Code, string Output, string Errors) Run(string text, params (string Path, string Text)[] others)
    {
        StringWriter output = new() { NewLine = "\n" }, errors = new() { NewLine = "\n" };
        var checker = new FileChecker(output, errors, new MemoryFiles([("web.yml", text), .. others]), new RuleTextChecks(), new CheckOptions());
        int code = checker.CheckWebConfigs(["web.yml"]);
        return (code, output.ToString(), errors.ToString());
    }
}
