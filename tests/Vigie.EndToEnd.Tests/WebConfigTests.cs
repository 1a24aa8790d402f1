using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Vigie.EndToEnd.Tests.Harness;
using Vigie.Testing;

namespace Vigie.EndToEnd.Tests;

/// <summary>The same --web.config.file for Vigie and for a real Prometheus: the same clients get in, the same answers keep the others out.</summary>
public class WebConfigTests
{
    /// <summary>Of "fakepassword".</summary>
    const string Users = "basic_auth_users: {alice: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}\n";

    const string Files = "cert_file: server.crt, key_file: server.key";

    static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task Users_SameAnswersAsPrometheus_AndChangesTakeEffectAtOnce()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n").With("web.yml", "");
        await using var server = await VigieServer.StartAsync([$"--config.file={configuration.Path}/prometheus.yml", $"--web.config.file={configuration.Path}/web.yml"]);
        int port = Programs.FreePort();
        await using var prometheus = await StartPrometheusAsync(configuration, port);
        foreach (string text in new[]
        {
            "", Users, Users + "http_server_config: {headers: {X-Frame-Options: deny, X-Content-Type-Options: nosniff, Strict-Transport-Security: max-age=5}}",
            "http_server_config: {headers: {X-Frame-Options: sameorigin, Content-Security-Policy: default-src 'self'}}", "nonsense: 1", "basic_auth_users: {}",
        })
        {
            configuration.With("web.yml", text);
            foreach (string? user in new[] { null, "alice:fakepassword", "alice:wrong", "alice:", "bob:fakepassword", "alice" })
            {
                foreach (string path in new[] { "/-/healthy", "/api/v1/query?query=1", "/api/v1/query?query=(", "/no/such/page" })
                    await Check(HttpMethod.Get, path, user);
                await Check(HttpMethod.Options, "/api/v1/query", user);
                await Check(HttpMethod.Post, "/api/v1/admin/tsdb/clean_tombstones", user);
            }
        }

        async Task Check(HttpMethod method, string path, string? user)
        {
            var expected = await AskAsync(method, $"http://127.0.0.1:{port}{path}", user);
            var found = await AskAsync(method, server.Prometheus + path, user);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public async Task Tls_SameHandshakesAsPrometheus()
    {
        using TestCertificates authority = new(), stranger = new("stranger");
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n").With("ca.crt", authority.AuthorityPem);
        var (certificate, key) = authority.Server();
        configuration.With("server.crt", certificate).With("server.key", key).With("web.yml", $"tls_server_config: {{{Files}}}");
        await using var server = await VigieServer.StartAsync(
            [$"--config.file={configuration.Path}/prometheus.yml", $"--web.config.file={configuration.Path}/web.yml"], isProtected: true);
        int port = Programs.FreePort();
        await using var prometheus = await StartPrometheusAsync(configuration, port);
        using var friend = Pem(authority.Client("friend"));
        using var foe = Pem(stranger.Client("friend"));
        using var wrongUse = Pem(authority.Server());

        foreach (string auth in new[]
        {
            "", ", client_auth_type: NoClientCert", ", client_auth_type: RequestClientCert", ", client_auth_type: RequireAnyClientCert",
            ", client_auth_type: VerifyClientCertIfGiven, client_ca_file: ca.crt", ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt",
            ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: [friend.example]",
            ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: ['spiffe://example/friend']",
            ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: ['fd00::7']",
            ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: [other, friend@example]",
            ", client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.crt, client_allowed_sans: [Friend.example, friend]",
            ", client_auth_type: RequireAnyClientCert, client_allowed_sans: [friend.example]",
        })
        {
            configuration.With("web.yml", $"tls_server_config: {{{Files}{auth}}}");
            foreach (var client in new[] { null, friend, foe, wrongUse }) await Check(auth, client);
        }
        foreach (string versions in new[] { "", ", min_version: TLS13", ", max_version: TLS12", ", min_version: TLS12, max_version: TLS12" })
        {
            configuration.With("web.yml", $"tls_server_config: {{{Files}{versions}}}");
            await Check(versions, null, SslProtocols.Tls12);
            await Check(versions, null, SslProtocols.Tls13);
        }
        foreach (string cipher in new[] { "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" })
        {
            configuration.With("web.yml", $"tls_server_config: {{{Files}, cipher_suites: [{cipher}]}}");
            await Check(cipher, null, SslProtocols.Tls12, withCipher: true);
            await Check(cipher, null, SslProtocols.Tls13);
        }

        // A renewed pair, then one that does not fit, then no TLS any more.
        (certificate, key) = authority.Server();
        configuration.With("server.crt", certificate).With("server.key", key).With("web.yml", $"tls_server_config: {{{Files}}}");
        Assert.Equal("Tls13 HTTP/1.1 200 OK", await Check("renewed", null));
        configuration.With("server.key", stranger.Server().Key);
        Assert.Equal("refused", await Check("wrong key", null));
        await Wait.UntilAsync("the log says so", 30, () => Task.FromResult(server.Process.Output.Contains("TLS handshakes fail: ")), () => server.Process.Output);
        configuration.With("web.yml", "");
        Assert.Equal("refused", await Check("none", null));

        async Task<string> Check(string what, X509Certificate2? client, SslProtocols protocols = SslProtocols.None, bool withCipher = false)
        {
            string expected = await TlsClient.AskAsync(port, authority, client, protocols, withCipher);
            string found = await TlsClient.AskAsync(server.Ports.Prometheus, authority, client, protocols, withCipher);
            Assert.Equal($"{what}, {client?.Issuer} {client?.Subject}: {expected}", $"{what}, {client?.Issuer} {client?.Subject}: {found}");
            return found;
        }
    }

    [Fact]
    public async Task Tls_PlainHttpAndHttp2_AreAnswered()
    {
        using var authority = new TestCertificates();
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        var (certificate, key) = authority.Server();
        configuration.With("server.crt", certificate).With("server.key", key).With("web.yml", $"tls_server_config: {{{Files}}}");
        await using var server = await VigieServer.StartAsync(
            [$"--config.file={configuration.Path}/prometheus.yml", $"--web.config.file={configuration.Path}/web.yml"], isProtected: true);
        int port = Programs.FreePort();
        await using var prometheus = await StartPrometheusAsync(configuration, port);
        Assert.Equal(await AskAsync(HttpMethod.Get, $"http://127.0.0.1:{port}/", null), await AskAsync(HttpMethod.Get, server.Prometheus + "/", null));
        using var trusting = new HttpClient(new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, sent, _, _) => authority.HasSigned(sent) } });
        // Prometheus itself offers HTTP/1.1 only, though its file says http2: true.
        using var answer = await trusting.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"https://127.0.0.1:{server.Ports.Prometheus}/-/healthy")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });
        Assert.Equal("Prometheus Server is Healthy.\n", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task OtherSurfaces_HaveFilesOfTheirOwn()
    {
        using var authority = new TestCertificates();
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n").With("users.yml", Users);
        var (certificate, key) = authority.Server();
        configuration.With("server.crt", certificate).With("server.key", key).With("tls.yml", $"tls_server_config: {{{Files}}}");
        await using var server = await VigieServer.StartAsync(
        [
            configuration.Path, $"--alertmanager.web.config.file={configuration.Path}/users.yml", $"--node.web.config.file={configuration.Path}/users.yml",
            $"--otlp.http.config.file={configuration.Path}/users.yml", $"--ui.web.config.file={configuration.Path}/tls.yml",
        ]);
        foreach (string url in new[] { server.Alertmanager + "/-/healthy", server.Node + "/metrics", server.Otlp + "/v1/metrics" })
            Assert.Equal(HttpStatusCode.Unauthorized, (await Http.GetAsync(url)).StatusCode);
        Assert.Equal((200, "OK"), (await AskAsync(HttpMethod.Get, server.Alertmanager + "/-/healthy", "alice:fakepassword")) is var (status, _, body) ? (status, body) : default);
        Assert.Equal("Tls13 HTTP/1.1 200 OK", await TlsClient.AskAsync(server.Ports.Web, authority, path: "/api/health"));
        await Wait.UntilAsync("the log names what is open", 30, () => Task.FromResult(server.Process.Output.Contains("open to all who reach them: prometheus (--web.config.file)")),
            () => server.Process.Output);
        string page = await Http.GetStringAsync(server.Prometheus + "/metrics");
        Assert.Contains("vigie_http_refused_total{listener_name=\"node\",reason=\"credentials\"} 1\n", page);
    }

    [Fact]
    public async Task WrongFile_StopsTheStartWithEveryProblem()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n")
            .With("web.yml", "basic_auth_users: {a: plain}\n").With("am.yml", "tls_server_config: {cert_file: a.crt}\n");
        await using var vigie = await Programs.RunVigieAsync(["serve", configuration.Path, "--storage.tsdb.path=" + configuration.Path + "/data",
            $"--web.config.file={configuration.Path}/web.yml", $"--alertmanager.web.config.file={configuration.Path}/am.yml",
            $"--node.web.config.file={configuration.Path}/none.yml", .. VigiePorts.Free().Flags]);
        Assert.Equal(1, vigie.ExitCode);
        Assert.Contains("web.yml:1:23: basic_auth_users.a: hashedSecret too short", vigie.Output);
        Assert.Contains("am.yml:1:20: tls_server_config: missing one of key or key_file", vigie.Output);
        Assert.Contains("none.yml: found no such file", vigie.Output);
        Assert.DoesNotContain("plain", vigie.Output);
    }

    [Theory]
    [InlineData(Users)]
    [InlineData("")]
    [InlineData("basic_auth_users: {a: plain}")]
    [InlineData("http_server_config: {headers: {X-Frame-Options: maybe}}")]
    [InlineData("http_server_config: {headers: {Server: me}}")]
    [InlineData("rate_limit: {interval: 1s, burst: 3}")]
    [InlineData("tls_server_config: {cert_file: none.crt, key_file: none.key}")]
    [InlineData("tls_server_config: {cipher_suites: [TLS_NONE]}")]
    [InlineData("tls_server_config: {cipher_suites: [TLS_AES_128_GCM_SHA256], curve_preferences: [X25519], min_version: TLS10}")]
    [InlineData("basic_auth_user: {}")]
    public async Task Check_FindsWhatPromtoolFinds(string text)
    {
        using var folder = new ConfigurationFolder().With("web.yml", text);
        string path = folder.Path + "/web.yml";
        await using var promtool = await ChildProcess.RunAsync(Programs.RequireNewestPeer("promtool"), ["check", "web-config", path]);
        await using var vigie = await Programs.RunVigieAsync("check", "web-config", path);
        Assert.Equal((promtool.ExitCode, Verdict(promtool.Output)), (vigie.ExitCode, Verdict(vigie.Output)));

        static string Verdict(string output) => string.Join(' ', output.Split(' ')[..2]);
    }

    [Fact]
    public async Task QueryAndCheck_WithHttpConfigFile_AsPromtool()
    {
        using var authority = new TestCertificates();
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n").With("ca.crt", authority.AuthorityPem)
            .With("http.yml", "basic_auth: {username: alice, password_file: pw}\ntls_config: {ca_file: ca.crt}\n").With("pw", "fakepassword\n")
            .With("bad.yml", "basic_auth: {user: alice}\n");
        var (certificate, key) = authority.Server();
        configuration.With("server.crt", certificate).With("server.key", key).With("web.yml", $"tls_server_config: {{{Files}}}\n{Users}");
        await using var server = await VigieServer.StartAsync(
            [$"--config.file={configuration.Path}/prometheus.yml", $"--web.config.file={configuration.Path}/web.yml"], isProtected: true);
        string url = $"https://localhost:{server.Ports.Prometheus}", file = $"--http.config.file={configuration.Path}/http.yml";
        string[] query = ["instant", url, "vector(7)", "--time=1700000000"];
        await using var promtool = await ChildProcess.RunAsync(Programs.RequireNewestPeer("promtool"), ["query", file, .. query]);
        await using var vigie = await Programs.RunVigieAsync(["query", file, .. query]);
        Assert.Equal((0, "{} => 7 @[1700000000]\n", promtool.Output), (vigie.ExitCode, vigie.Output, vigie.Output));

        foreach (string check in new[] { "healthy", "ready" })
        {
            foreach (string[] call in new string[][] { [file, $"--url={url}"], [file, $"--url={url}/no"] })
            {
                await using var expected = await ChildProcess.RunAsync(Programs.RequireNewestPeer("promtool"), ["check", check, .. call]);
                await using var found = await Programs.RunVigieAsync(["check", check, .. call]);
                Assert.Equal((expected.ExitCode, expected.Output), (found.ExitCode, found.Output));
            }
        }

        await Check("query error: ", query);
        await Check("error: Failed to load HTTP config file: ", [$"--http.config.file={configuration.Path}/bad.yml", .. query]);
        await Check("does not exist", [$"--http.config.file={configuration.Path}/none.yml", .. query]);
        configuration.With("pw", "wrong");
        await Check("query error: 401 Unauthorized", [file, .. query]);

        static async Task Check(string expected, string[] arguments)
        {
            await using var vigie = await Programs.RunVigieAsync(["query", .. arguments]);
            Assert.Equal(1, vigie.ExitCode);
            Assert.Contains(expected, vigie.Output);
        }
    }

    static X509Certificate2 Pem((string Certificate, string Key) pair) => X509Certificate2.CreateFromPem(pair.Certificate, pair.Key);

    /// <summary>Status, headers that a web configuration is about, and the body.</summary>
    static async Task<(int Status, string Headers, string Body)> AskAsync(HttpMethod method, string url, string? user)
    {
        using var request = new HttpRequestMessage(method, url);
        if (url.Contains("/query?", StringComparison.Ordinal)) request.Headers.Add("Origin", "http://elsewhere");
        if (user is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        using var answer = await Http.SendAsync(request);
        var headers = answer.Headers.Where(static header => header.Key is "WWW-Authenticate" or "X-Frame-Options" or "X-Content-Type-Options"
                or "Strict-Transport-Security" or "Content-Security-Policy" or "Access-Control-Allow-Origin")
            .Select(static header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal);
        string body = answer.StatusCode == HttpStatusCode.OK && url.Contains("/api/", StringComparison.Ordinal) ? "" : await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, string.Join('\n', headers), body);
    }

    static async Task<ChildProcess> StartPrometheusAsync(ConfigurationFolder configuration, int port)
    {
        var process = ChildProcess.Start(Programs.RequireNewestPeer("prometheus"),
        [
            $"--config.file={configuration.Path}/prometheus.yml", $"--web.config.file={configuration.Path}/web.yml", $"--web.listen-address=127.0.0.1:{port}",
            $"--storage.tsdb.path={configuration.Path}/prometheus-data",
        ]);
        await Wait.UntilAsync("prometheus is ready", 60, () => Task.FromResult(process.Output.Contains("Server is ready to receive web requests")), () => process.Output);
        return process;
    }
}
