using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration;
using Vigie.Configuration.Web;
using Vigie.Server.Access;
using Vigie.Testing;

namespace Vigie.Server.Tests.Access;

public sealed class WebGuardTests : IDisposable
{
    const string Users = "basic_auth_users: {alice: $2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi}\n";

    readonly ManualTimeProvider _clock = new();
    readonly OneFile _files = new();
    readonly List<string> _refused = [];
    readonly PasswordCheck _passwords = new(static (password, _) => password == "fakepassword");

    public void Dispose() => _passwords.Dispose();

    [Theory]
    [InlineData("alice:fakepassword", 200)]
    [InlineData("alice:wrong", 401)]
    [InlineData("carol:fakepassword", 401)]
    [InlineData("alice", 401)]
    [InlineData(null, 401)]
    public async Task Run_WithUsers_LetsThemIn(string? credentials, int expected)
    {
        var guard = Guard(Users + "http_server_config: {headers: {X-Frame-Options: deny}}");
        var (status, headers, body) = await AskAsync(guard, credentials);
        Assert.Equal((expected, "deny"), (status, headers.XFrameOptions.ToString()));
        Assert.Equal(expected == 200 ? "served" : "Unauthorized\n", body);
        Assert.Equal(expected == 200 ? "" : "Basic", headers.WWWAuthenticate.ToString());
        Assert.Equal(expected == 200 ? [] : ["credentials"], _refused);
    }

    [Fact]
    public async Task Run_ChangedFile_TakesEffectAtOnce()
    {
        var guard = Guard(Users);
        Assert.Equal(401, (await AskAsync(guard)).Status);
        _files.Text = "";
        Assert.Equal(200, (await AskAsync(guard)).Status);
        _files.Text = "basic_auth_users: {alice: short}";
        Assert.Equal((500, "Internal Server Error\n"), (await AskAsync(guard, "alice:fakepassword")) is var (status, _, body) ? (status, body) : default);
        _files.Text = null;
        Assert.Equal(500, (await AskAsync(guard, "alice:fakepassword")).Status);
        _files.Text = Users;
        Assert.Equal(200, (await AskAsync(guard, "alice:fakepassword")).Status);
        Assert.Equal(["credentials", "configuration", "configuration"], _refused);
    }

    [Fact]
    public async Task Run_RateLimit_IsATokenBucket()
    {
        var guard = Guard("rate_limit: {interval: 2s, burst: 2}");
        async Task Check(params int[] expected)
        {
            foreach (int status in expected) Assert.Equal(status, (await AskAsync(guard)).Status);
        }
        await Check(200, 200, 429, 429);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Check(429);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Check(200, 429);
        _clock.Advance(TimeSpan.FromHours(1));
        await Check(200, 200, 429);
        Assert.Equal("Too Many Requests\n", (await AskAsync(guard)).Body);
    }

    [Fact]
    public void Open_WrongFile_SaysEverything()
    {
        var problem = Assert.Throws<ConfigException>(() => Guard("basic_auth_users: {alice: short}\nhttp_server_config: {headers: {X: y}}"));
        Assert.Contains("web.yml:1:27: basic_auth_users.alice: ", problem.Message, StringComparison.Ordinal);
        Assert.Contains("web.yml:2:32: http_server_config.headers.X: ", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("short}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_UsersWhereTheSurfaceHasItsOwn_IsRefused() => Assert.Contains("the web UI has a sign-in of its own",
        Assert.Throws<ConfigException>(() => Guard(Users, mayAskForPasswords: false)).Message, StringComparison.Ordinal);

    [Fact]
    public void TlsOptions_RenewedCertificate_IsUsedForTheNextHandshake()
    {
        using var authority = new TestCertificates();
        _files.Add("server.crt", authority.Server().Certificate);
        var (certificate, key) = authority.Server();
        _files.Add("server.crt", certificate);
        _files.Add("server.key", key);
        var guard = Guard("tls_server_config: {cert_file: server.crt, key_file: server.key}");
        Assert.True(guard.HasTls && guard.HasHttp2);
        var first = guard.TlsOptions().ServerCertificateContext!;
        Assert.Same(first, guard.TlsOptions().ServerCertificateContext);
        (certificate, key) = authority.Server();
        _files.Add("server.crt", certificate);
        Assert.Throws<ConfigFileException>(() => guard.TlsOptions());
        _files.Add("server.key", key);
        Assert.NotEqual(first.TargetCertificate, guard.TlsOptions().ServerCertificateContext!.TargetCertificate);
        _files.Text = "";
        Assert.Equal("web.yml: TLS config is not present", Assert.Throws<ConfigFileException>(() => guard.TlsOptions()).Message);
    }

    WebGuard Guard(string text, bool mayAskForPasswords = true)
    {
        _files.Text = text;
        return new WebGuard(new WebConfigFile("web.yml", _files, NullLogger.Instance), _clock, NullLogger.Instance, _refused.Add, mayAskForPasswords, _passwords);
    }

    static async Task<(int Status, IHeaderDictionary Headers, string Body)> AskAsync(WebGuard guard, string? credentials = null)
    {
        var http = new DefaultHttpContext();
        http.Response.Body = new MemoryStream();
        if (credentials is not null) http.Request.Headers.Authorization = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        await guard.RunAsync(http, static http => http.Response.WriteAsync("served"));
        return (http.Response.StatusCode, http.Response.Headers, Encoding.UTF8.GetString(((MemoryStream)http.Response.Body).ToArray()));
    }

    sealed class OneFile : IConfigFiles
    {
        readonly Dictionary<string, string> _others = [];

        public string? Text { get; set; }

        public void Add(string path, string text) => _others[path] = text;
        public string? ReadText(string path) => path == "web.yml" ? Text : _others.GetValueOrDefault(path);
        public byte[]? ReadBytes(string path) => ReadText(path) is { } text ? Encoding.UTF8.GetBytes(text) : null;
        public IReadOnlyList<string> List(string folder) => [];
    }
}
