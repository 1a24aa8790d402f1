using System.Net;
using System.Text;
using Vigie.Configuration.Tests;
using Vigie.Testing;

namespace Vigie.Configuration.Http.Tests;

public sealed class HttpHandlersTests
{
    readonly MemoryFiles _files = new(("pw", "from file\n"));

    [Fact]
    public Task BasicAuth_FromFile_IsReadAgain() => WithServerAsync(async (url, seen) =>
    {
        var config = new HttpClientConfig { BasicAuth = new BasicAuthConfig { Username = "u", PasswordFile = "pw" } };
        using var client = new HttpClient(HttpHandlers.Create(config, _files));
        await client.GetStringAsync(url);
        _files.Write("pw", "rotated");
        await client.GetStringAsync(url);
        Assert.Equal([Basic("u:from file"), Basic("u:rotated")], seen.Select(static r => r.Headers["Authorization"]));
    });

    [Fact]
    public Task Authorization_AndHeaders_AreSent() => WithServerAsync(async (url, seen) =>
    {
        var config = new HttpClientConfig
        {
            Authorization = new AuthorizationConfig { Credentials = new Secret("t0ken") },
            Headers = new Dictionary<string, HttpHeaderConfig> { ["X-Org"] = new() { Values = ["a"], Secrets = [new Secret("b")] } },
        };
        using var client = new HttpClient(HttpHandlers.Create(config, _files));
        await client.GetStringAsync(url);
        Assert.Equal(("Bearer t0ken", "a, b"), (seen[0].Headers["Authorization"], seen[0].Headers["X-Org"]));
    });

    [Fact]
    public Task MissingSecretFile_FailsTheRequest() => WithServerAsync(async (url, seen) =>
    {
        var config = new HttpClientConfig { Authorization = new AuthorizationConfig { CredentialsFile = "gone" } };
        using var client = new HttpClient(HttpHandlers.Create(config, _files));
        var problem = await Assert.ThrowsAsync<ConfigFileException>(() => client.GetStringAsync(url));
        Assert.Equal("gone: no such file", problem.Message);
        Assert.Empty(seen);
    });

    [Fact]
    public Task OAuth2_FetchesOneToken_UntilItExpires() => WithServerAsync(async (url, seen) =>
    {
        var clock = new ManualTimeProvider();
        var config = new HttpClientConfig
        {
            OAuth2 = new OAuth2Config { ClientId = "id", ClientSecret = new Secret("s"), TokenUrl = url
                + "token", Scopes = ["read", "write"] },
        };
        using var client = new HttpClient(HttpHandlers.Create(config, _files, clock));
        await client.GetStringAsync(url);
        await client.GetStringAsync(url);
        clock.Advance(TimeSpan.FromMinutes(2));
        await client.GetStringAsync(url);
        Assert.Equal(["/token", "/", "/", "/token", "/"], seen.Select(static r => r.Path));
        Assert.Equal((Basic("id:s"), "grant_type=client_credentials&scope=read+write"), (seen[0].Headers["Authorization"], seen[0].Body));
        Assert.Equal("Bearer abc", seen[1].Headers["Authorization"]);
    });

    [Theory]
    [InlineData("http://internal.example", "example", true)]
    [InlineData("http://notexample", "example", false)]
    [InlineData("http://10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("http://11.1.2.3", "10.0.0.0/8", false)]
    [InlineData("http://a.b:8080", "a.b:8080", true)]
    [InlineData("http://a.b:8081", "a.b:8080", false)]
    [InlineData("http://a.b", "x, *", true)]
    [InlineData("http://127.0.0.1", "", true)]
    public void NoProxy(string url, string noProxy, bool bypassed) =>
        Assert.Equal(bypassed, new ConfiguredProxy(new Uri("http://proxy:3128"), noProxy).IsBypassed(new Uri(url)));

    static string Basic(string pair) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair));

    sealed record Seen(string Path, Dictionary<string, string> Headers, string Body);

    static async Task WithServerAsync(Func<string, List<Seen>, Task> test)
    {
        var seen = new List<Seen>();
        using var server = new LocalHttpServer(async http =>
        {
            using var body = new StreamReader(http.Request.InputStream);
            var headers = http.Request.Headers.AllKeys.OfType<string>().ToDictionary(static name => name, name => http.Request.Headers[name]!);
            seen.Add(new Seen(http.Request.Url!.AbsolutePath, headers, await body.ReadToEndAsync()));
            await http.Response.OutputStream.WriteAsync("""{"access_token":"abc","token_type":"bearer","expires_in":60}"""u8.ToArray());
        });
        await test($"http://{server.Address}/", seen);
    }
}
