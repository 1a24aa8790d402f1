using System.Net;
using System.Net.Sockets;
using System.Text;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>Clients that open connections and say nothing, or too little, do not keep others out for longer than the timeout.</summary>
public class ConnectionLimitsTests
{
    static readonly HttpClient Http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task SilentClients_AtTheBound_MakeOthersWaitOnThatPortOnly()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path, "--web.max-connections=4", "--web.read-timeout=1s"]);
        var silent = new List<TcpClient>();
        for (int i = 0; i < 6; i++) silent.Add(await ConnectAsync(server.Ports.Prometheus));
        Assert.Equal("OK", await Http.GetStringAsync(server.Alertmanager + "/-/healthy"));

        // Behind the others in the queue, and served all the same.
        string page = await Http.GetStringAsync(server.Prometheus + "/metrics");
        Assert.Contains("vigie_http_connections_max{listener_name=\"http\"} 4\n", page);
        Assert.DoesNotContain("vigie_http_connections_waited_total{listener_name=\"http\"} 0\n", page);
        Assert.Contains("vigie_http_connections_waited_total{listener_name=\"alertmanager\"} 0\n", page);
        Assert.Contains("net_conntrack_listener_conn_accepted_total{listener_name=\"http\"} ", page);
        Assert.Contains("Prometheus: 4 connections are open, no more are served (--web.max-connections)", server.Process.Output);
        foreach (var client in silent)
        {
            Assert.Equal("", await ReadAllAsync(client));
            client.Dispose();
        }
        var flags = (await server.GetAsync(server.Prometheus + "/api/v1/status/flags"))["data"]!;
        Assert.Equal(("4", "1s"), (flags["web.max-connections"]!.GetValue<string>(), flags["web.read-timeout"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("GET /-/heal", "HTTP/1.1 408 ")]
    [InlineData("GET /-/healthy HTTP/1.1\r\nHost: x\r\nX-Slow: ", "HTTP/1.1 408 ")]
    [InlineData("POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nquery=",
        "HTTP/1.1 400 ")]
    [InlineData("POST /api/v1/query HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nquer",
        "HTTP/1.1 400 ")]
    public async Task UnfinishedRequest_AfterTheTimeout_IsClosed(string sent, string expected)
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path, "--web.read-timeout=1s"]);
        using var client = await ConnectAsync(server.Ports.Prometheus);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent));
        string answer = await ReadAllAsync(client);
        Assert.StartsWith(expected, answer);
        Assert.Equal(expected.Length == 0, answer.Length == 0);
        Assert.DoesNotContain("BUG", server.Process.Output);
    }

    [Fact]
    public async Task LongQueryInTheUrl_IsAnswered()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        string query = $"absent(up{{job=\"{new string('x', 100_000)}\"}})";
        Assert.Equal("1", Assert.Single(await server.QueryAsync(query)).Value);
    }

    static async Task<TcpClient> ConnectAsync(int port)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>What the server says before it closes the connection.</summary>
    static async Task<string> ReadAllAsync(TcpClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var said = new MemoryStream();
        try
        {
            await client.GetStream().CopyToAsync(said, limit.Token);
        }
        catch (IOException problem) when (problem.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Closed, too.
        }
        return Encoding.ASCII.GetString(said.ToArray());
    }
}
