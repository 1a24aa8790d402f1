using System.Net;
using System.Net.Sockets;
using System.Text;
using Vigie.EndToEnd.Tests.Harness;
using Vigie.Testing;

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
        Assert.DoesNotContain("BUG: ", server.Process.Output);
    }

    /// <summary>What is read by other means than forms, and clients that leave in the middle: neither is our mistake.</summary>
    [Fact]
    public async Task UnfinishedBodies_OfEverySurface_AreAnsweredOrForgotten()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path, "--web.read-timeout=1s", "--web.enable-remote-write-receiver"]);
        (int Port, string Path, string Type)[] uploads =
        [
            (server.Ports.Prometheus, "/api/v1/write", "application/x-protobuf"), (server.Ports.Prometheus, "/api/v1/read", "application/x-protobuf"),
            (server.Ports.Alertmanager, "/api/v2/alerts", "application/json"), (server.Ports.Otlp, "/v1/metrics", "application/x-protobuf"),
        ];
        foreach (var (port, path, type) in uploads)
        {
            byte[] head = Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {type}\r\nContent-Length: 100\r\n\r\nbegin");
            using (var leaving = await ConnectAsync(port))
            {
                await leaving.GetStream().WriteAsync(head);
                leaving.Client.Close(0); // with a reset
            }
            using var client = await ConnectAsync(port);
            await client.GetStream().WriteAsync(head);
            string answer = await ReadAllAsync(client);
            Assert.StartsWith("HTTP/1.1 408 ", answer);
            Assert.Contains("the request body did not arrive within --web.read-timeout", answer);
        }
        server.Process.Terminate(); // so that the whole log is there
        await server.Process.WaitForExitAsync(20);
        Assert.DoesNotContain("BUG: ", server.Process.Output);
    }

    [Fact]
    public async Task SilentClients_OfAPortWithTls_AreClosed()
    {
        using var authority = new TestCertificates();
        var (certificate, key) = authority.Server();
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n").With("server.crt", certificate).With("server.key", key)
            .With("web.yml", "tls_server_config: {cert_file: server.crt, key_file: server.key}");
        await using var server = await VigieServer.StartAsync(
            [configuration.Path, "--web.read-timeout=1s", $"--web.config.file={configuration.Path}/web.yml"], isProtected: true);
        foreach (byte[] begin in new byte[][] { [], [0x16], [0x16, 3, 1, 0, 200, 1] })
        {
            using var client = await ConnectAsync(server.Ports.Prometheus);
            await client.GetStream().WriteAsync(begin);
            Assert.Equal("", await ReadAllAsync(client));
        }
        Assert.Equal("Tls13 HTTP/1.1 200 OK", await TlsClient.AskAsync(server.Ports.Prometheus, authority));
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
