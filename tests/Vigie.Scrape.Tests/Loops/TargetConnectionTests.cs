using System.Net;
using System.Net.Sockets;
using System.Text;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Scrape.Tests.Loops;

public sealed class TargetConnectionTests : IDisposable
{
    readonly ManualTimeProvider _clock = new();
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly TargetConnection _connection = new();
    readonly TargetDefinition _target;
    readonly List<string> _requests = [];
    int _accepted;

    public TargetConnectionTests()
    {
        _listener.Start();
        var url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/metrics?a=b");
        _target = new TargetDefinition(Labels.Empty, url, url.ToString(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5));
        _connection.Prepare(_target, this, [("User-Agent", "test")]);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _listener.Dispose();
    }

    /// <summary>Accepts one connection and gives these answers on it, each to one request, then closes it.</summary>
    async Task ServeAsync(params string[] answers)
    {
        using var socket = await _listener.AcceptSocketAsync();
        _accepted++;
        foreach (string answer in answers)
        {
            byte[] request = new byte[4096];
            int length = 0;
            while (!Encoding.ASCII.GetString(request, 0, length).EndsWith("\r\n\r\n", StringComparison.Ordinal))
            {
                int read = await socket.ReceiveAsync(request.AsMemory(length));
                if (read == 0) return;
                length += read;
            }
            _requests.Add(Encoding.ASCII.GetString(request, 0, length));
            await socket.SendAsync(Encoding.Latin1.GetBytes(answer));
        }
        socket.Shutdown(SocketShutdown.Send);
    }

    async Task<string> GetAsync(long bytesMax = 1000)
    {
        using var fetch = new FetchUnderWay(_target.Timeout, _clock, CancellationToken.None);
        using var page = new FetchedPage(16);
        var head = await _connection.GetAsync(page, fetch, _clock, bytesMax);
        return $"{head.Status} {Encoding.Latin1.GetString(page.Bytes)}";
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na 1\n", "200 a 1\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na \r\n2\r\n1\n\r\n0\r\n\r\n", "200 a 1\n")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\na 1\n", "200 a 1\n")]
    [InlineData("HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\na 1\n", "200 a 1\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 ")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabcdef", "200 ab")]
    public async Task GetAsync_ReadsTheBody(string answer, string expected)
    {
        var serving = ServeAsync(answer);
        Assert.Equal(expected, await GetAsync());
        await serving;
        string request = Assert.Single(_requests);
        Assert.Equal($"GET /metrics?a=b HTTP/1.1\r\nHost: {_target.Url.Authority}\r\nUser-Agent: test\r\n\r\n", request);
    }

    [Fact]
    public async Task GetAsync_Again_KeepsTheConnection()
    {
        const string answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
        var serving = ServeAsync(answer, answer, answer);
        for (int i = 0; i < 3; i++) Assert.Equal("200 a", await GetAsync());
        await serving;
        Assert.Equal(1, _accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\na")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na more than announced")]
    [InlineData("HTTP/1.1 500 Broken\r\nContent-Length: 10\r\n\r\na")]
    public async Task GetAsync_TheTargetClosedOrTheConnectionIsSpoilt_ConnectsAgain(string answer)
    {
        var serving = ServeAsync(answer);
        await GetAsync();
        await serving;
        serving = ServeAsync("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");
        Assert.Equal("200 b", await GetAsync());
        await serving;
        Assert.Equal(2, _accepted);
    }

    [Fact]
    public async Task GetAsync_OldOrLongIdle_ConnectsAgain()
    {
        const string answer = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na";
        var serving = ServeAsync(answer, answer);
        await GetAsync();
        _clock.Advance(TimeSpan.FromMinutes(6));
        var again = ServeAsync(answer);
        await GetAsync();
        await Task.WhenAll(serving, again);
        Assert.Equal(2, _accepted);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nConten")]
    [InlineData("")]
    public async Task GetAsync_EndsTooEarly_Throws(string answer)
    {
        var serving = ServeAsync(answer);
        await Assert.ThrowsAsync<HttpIOException>(() => GetAsync());
        await serving;
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    public async Task GetAsync_BodyTooLong_Throws(string answer)
    {
        var serving = ServeAsync(answer + new string('x', 2000));
        var problem = await Assert.ThrowsAsync<ScrapeException>(() => GetAsync());
        Assert.Equal(("body size limit exceeded", ScrapeFailure.BodySize), (problem.Message, problem.Cause));
        await serving;
    }

    [Fact]
    public async Task GetAsync_EndlessHead_Throws()
    {
        var serving = ServeAsync("HTTP/1.1 200 OK\r\nX: " + new string('x', 70_000));
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync());
        _connection.Close();
        await Task.WhenAny(serving);
    }

    [Fact]
    public async Task GetAsync_AnswerTakesLong_WaitsWithoutAThreadAndEndsAtTheTimeout()
    {
        var accepting = _listener.AcceptSocketAsync();
        using var fetch = new FetchUnderWay(_target.Timeout, _clock, CancellationToken.None);
        using var page = new FetchedPage(16);
        var answer = _connection.GetAsync(page, fetch, _clock, 1000).AsTask();
        using var socket = await accepting;
        Assert.False(answer.IsCompleted);
        Assert.False(fetch.HasTimedOut);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        Assert.True(fetch.HasTimedOut);
    }
}
