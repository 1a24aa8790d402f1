using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Vigie.Dashboards;
using Vigie.Server.Surfaces.Grafana;
using Vigie.Testing;

namespace Vigie.Server.Tests.Surfaces.Grafana;

/// <summary>The surface on a real port, with a Prometheus that answers its path.</summary>
public sealed class GrafanaSurfaceTests : IAsyncLifetime
{
    sealed class MemoryState : IUserState
    {
        byte[]? _saved;
        public byte[]? Load() => _saved;
        public void Save(ReadOnlySpan<byte> utf8) => _saved = utf8.ToArray();
    }

    readonly ManualTimeProvider _clock = new();
    readonly string _uiFolder = Directory.CreateTempSubdirectory("vigie-ui-").FullName;
    WebApplication _app = null!;
    HttpClient _client = null!;

    public async ValueTask InitializeAsync() => (_app, _client) = await StartAsync(new UserStore(new MemoryState(), _clock, new() { HashIterations = 1000 }));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_uiFolder, recursive: true);
    }

    async Task<(WebApplication App, HttpClient Client)> StartAsync(UserStore? users)
    {
        Directory.CreateDirectory(Path.Combine(_uiFolder, "assets"));
        await File.WriteAllTextAsync(Path.Combine(_uiFolder, "index.html"), "<!doctype html><title>Vigie</title>");
        await File.WriteAllTextAsync(Path.Combine(_uiFolder, "assets", "index-1a2b.js"), "export {}");
        var library = DashboardLibrary.Read(
        [
            new("overview.json", Encoding.UTF8.GetBytes("""{"dashboard":{"uid":"o","title":"Veza Überblick 1","tags":["veza"],"panels":[{"type":"graph","title":"R"}]}}""")),
            new("broken.json", "{"u8.ToArray()),
        ]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGrafana(new GrafanaSurfaceOptions
        {
            Dashboards = () => library,
            Users = users,
            Version = "0.1.0",
            Ui = new PhysicalFileProvider(_uiFolder),
            MapPrometheus = (prometheus, _) => prometheus.MapMethods("/api/v1/query", ["GET", "POST"], () => "answer"),
            MapAlertmanager = alertmanager => alertmanager.MapPost("/api/v2/silences", http => http.Response.WriteAsync("silenced")),
        });
        await app.StartAsync();
        return (app, new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) });
    }

    async Task<JsonNode> GetJsonAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(path))!;

    Task<HttpResponseMessage> SignInAsync(string password, string user = "admin") => _client.PostAsJsonAsync("/login", new { user, password });

    async Task SignInForGoodAsync()
    {
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync("admin")).StatusCode);
        var changed = await _client.PutAsJsonAsync("/api/user/password", new { oldPassword = "admin", newPassword = "correct horse", confirmNew = "correct horse" });
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Fact]
    public async Task Health_WithoutSession_SaysThatTheDatabaseIsOk()
    {
        var health = await GetJsonAsync("/api/health");
        Assert.Equal(("ok", "0.1.0"), ((string?)health["database"], (string?)health["version"]));
    }

    [Theory]
    [InlineData("/api/search", 1)]
    [InlineData("/api/search?query=über", 1)]
    [InlineData("/api/search?query=nothing", 0)]
    [InlineData("/api/search?tag=veza", 1)]
    [InlineData("/api/search?type=dash-folder", 0)]
    [InlineData("/api/search?page=2", 0)]
    public async Task Search_WithoutSession_ListsDashboards(string path, int count) => Assert.Equal(count, (await GetJsonAsync(path)).AsArray().Count);

    [Fact]
    public async Task Search_BadLimit_NamesTheParameter()
    {
        var answer = await _client.GetAsync("/api/search?limit=0");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("\\u0022limit\\u0022: \\u00220\\u0022", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/user")]
    [InlineData("GET", "/api/org")]
    [InlineData("GET", "/api/datasources")]
    [InlineData("GET", "/api/dashboards/uid/o")]
    [InlineData("GET", "/prometheus/api/v1/query")]
    [InlineData("POST", "/prometheus/api/v1/query")]
    [InlineData("GET", "/api/datasources/proxy/uid/prometheus/api/v1/query")]
    [InlineData("POST", "/alertmanager/api/v2/silences")]
    public async Task Everything_WithoutSession_IsRefused(string method, string path)
    {
        var answer = await _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task SignIn_FirstPassword_AllowsNothingButChangingIt()
    {
        var signedIn = await SignInAsync("admin");
        Assert.True((bool?)JsonNode.Parse(await signedIn.Content.ReadAsStringAsync())!["mustChangePassword"]);
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await _client.GetAsync("/api/dashboards/uid/o")).StatusCode);
        Assert.True((bool?)(await GetJsonAsync("/api/user"))["mustChangePassword"]);
        await SignInForGoodAsync();
        Assert.Equal("answer", await _client.GetStringAsync("/prometheus/api/v1/query"));
    }

    [Fact]
    public async Task Dashboard_SignedIn_ComesNormalised()
    {
        await SignInForGoodAsync();
        var answer = await GetJsonAsync("/api/dashboards/uid/o");
        Assert.Equal("timeseries", (string?)answer["dashboard"]!["panels"]![0]!["type"]);
        Assert.Equal("/d/o/veza-%C3%BCberblick-1", (string?)answer["meta"]!["url"]);
        Assert.Equal("broken.json", (string?)(await GetJsonAsync("/api/dashboards/problems"))[0]!["file"]);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("/api/dashboards/uid/none")).StatusCode);
    }

    [Theory]
    [InlineData("/api/datasources/proxy/uid/prometheus/api/v1/query")]
    [InlineData("/api/datasources/proxy/1/api/v1/query")]
    [InlineData("/api/datasources/uid/prometheus/resources/api/v1/query")]
    public async Task DatasourceProxy_SignedIn_AnswersInProcess(string path)
    {
        await SignInForGoodAsync();
        Assert.Equal("answer", await _client.GetStringAsync(path));
    }

    [Theory]
    [InlineData("Origin", "https://elsewhere.example", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("X-None", "", HttpStatusCode.OK)]
    public async Task Change_FromAnotherSite_IsRefused(string header, string value, HttpStatusCode expected)
    {
        await SignInForGoodAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, "/alertmanager/api/v2/silences");
        request.Headers.TryAddWithoutValidation(header, value);
        Assert.Equal(expected, (await _client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Basic_AfterTheFirstPasswordIsChanged_Works()
    {
        await SignInForGoodAsync();
        using var script = new HttpClient { BaseAddress = _client.BaseAddress };
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:correct horse"u8));
        Assert.Equal("answer", await script.GetStringAsync("/prometheus/api/v1/query"));
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String("admin:admin"u8));
        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/prometheus/api/v1/query")).StatusCode);
    }

    [Fact]
    public async Task SignIn_WrongTooOften_IsRefusedForAWhile()
    {
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync("wrong")).StatusCode);
        var refused = await SignInAsync("admin");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(5), refused.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("text/plain", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", "{", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "[]", HttpStatusCode.BadRequest)]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest)]
    public async Task SignIn_BadBody_IsRefused(string type, string body, HttpStatusCode expected) =>
        Assert.Equal(expected, (await _client.PostAsync("/login", new StringContent(body, Encoding.UTF8, type))).StatusCode);

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        await SignInForGoodAsync();
        var answer = await _client.GetAsync("/logout");
        Assert.Equal("/login", answer.Headers.Location?.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await _client.GetAsync("/api/user")).StatusCode);
    }

    [Fact]
    public async Task AuthOff_EverythingIsOpen()
    {
        var (app, client) = await StartAsync(users: null);
        await using (app)
        using (client)
        {
            Assert.Equal("answer", await client.GetStringAsync("/prometheus/api/v1/query"));
            Assert.Contains("anonymous", await client.GetStringAsync("/api/user"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8", "no-cache")]
    [InlineData("/d/o/veza", "text/html; charset=utf-8", "no-cache")]
    [InlineData("/assets/index-1a2b.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable")]
    public async Task Ui_FilesAndPages_HaveTypeAndCaching(string path, string type, string caching)
    {
        var answer = await _client.GetAsync(path);
        Assert.Equal((HttpStatusCode.OK, type, caching), (answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), answer.Headers.CacheControl?.ToString()));
        Assert.Equal(type.StartsWith("text/html", StringComparison.Ordinal), answer.Headers.Contains("Content-Security-Policy"));
    }

    [Theory]
    [InlineData("/api/nothing")]
    [InlineData("/assets/gone.js")]
    [InlineData("/assets/..%2f..%2fsecret")]
    public async Task Ui_UnknownFile_IsNotFound(string path) => Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(path)).StatusCode);
}
