using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>A real Prometheus reads Vigie's samples by remote read, and Vigie those of a real Prometheus: both answer as the one that has them.</summary>
public class RemoteReadTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task Prometheus_AnswersOnVigiesSamples()
    {
        string prometheus = Peers.RequirePrometheus3();
        using var folder = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1h}\n");
        await using var vigie = await VigieServer.StartAsync(["--config.file=" + folder.Path + "/prometheus.yml", "--web.enable-remote-write-receiver"]);
        folder.With("peer.yml", $"remote_read: [{"{"}url: '{vigie.Prometheus}/api/v1/read', read_recent: true{"}"}]\n");
        int port = Programs.FreePort();
        await using var peer = StartPrometheus(prometheus, folder, port);
        await CheckAsync(folder, vigie.Prometheus, $"http://127.0.0.1:{port}", peer);
    }

    [Fact]
    public async Task Vigie_AnswersOnThePrometheusSamples()
    {
        string prometheus = Peers.RequirePrometheus3();
        int port = Programs.FreePort();
        using var folder = new ConfigurationFolder().With("peer.yml", "global: {scrape_interval: 1h}\n")
            .With("prometheus.yml", $"remote_read: [{"{"}url: 'http://127.0.0.1:{port}/api/v1/read', read_recent: true{"}"}]\n");
        await using var peer = StartPrometheus(prometheus, folder, port);
        await using var vigie = await VigieServer.StartAsync(["--config.file=" + folder.Path + "/prometheus.yml"]);
        await CheckAsync(folder, $"http://127.0.0.1:{port}", vigie.Prometheus, peer);
        peer.Kill();
        await peer.WaitForExitAsync(10);
        var answer = JsonNode.Parse(await Http.GetStringAsync(vigie.Prometheus + "/api/v1/query?query=up"))!;
        Assert.Equal("success", answer["status"]!.GetValue<string>());
        Assert.StartsWith("remote_read: ", answer["warnings"]![0]!.GetValue<string>(), StringComparison.Ordinal);
    }

    static ChildProcess StartPrometheus(string prometheus, ConfigurationFolder folder, int port) => ChildProcess.Start(prometheus,
    [
        $"--config.file={folder.Path}/peer.yml", $"--storage.tsdb.path={folder.Path}/peer", $"--web.listen-address=127.0.0.1:{port}",
        "--web.enable-remote-write-receiver", "--enable-feature=native-histograms", "--log.level=warn",
    ], folder.Path);

    /// <summary>Writes samples to one server and asks both.</summary>
    static async Task CheckAsync(ConfigurationFolder folder, string owner, string reader, ChildProcess peer)
    {
        foreach (string url in new[] { owner, reader })
            await Wait.UntilAsync($"{url} is ready", 60, async () => (await Http.GetAsync(url + "/-/ready")).IsSuccessStatusCode, () => peer.Output);
        long endMs = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 60_000 * 60_000) - 60_000;
        var data = new GeneratedData(11, endMs);
        foreach (byte[] request in data.Requests()) await WriteAsync(owner, request);
        long seconds = ((data.EndMs - data.StartMs) / 1000) + 60;
        string grid = $"&start={Seconds(data.StartMs)}&end={Seconds(data.EndMs)}&step=60";
        foreach (string path in new[]
        {
            $"query?time={Seconds(data.EndMs)}&query=" + Uri.EscapeDataString($"{{__name__=~\".+\"}}[{seconds}s]"),
            $"query?time={Seconds(data.EndMs)}&query=" + Uri.EscapeDataString("sum by (job) (requests_total)"),
            "query_range?query=" + Uri.EscapeDataString("rate(requests_total{status!=\"200\"}[5m])") + grid,
            "query_range?query=" + Uri.EscapeDataString("histogram_quantile(0.9, sum by (le) (rate(latency_seconds_bucket[5m])))") + grid,
        })
        {
            var expected = JsonNode.Parse(await Http.GetStringAsync(owner + "/api/v1/" + path))!;
            var found = JsonNode.Parse(await Http.GetStringAsync(reader + "/api/v1/" + path))!;
            Assert.True(Answers.Difference(found, expected) is null, $"{path}: {Answers.Difference(found, expected)}\n{found["warnings"]}");
            Assert.NotEmpty(expected["data"]!["result"]!.AsArray());
        }
    }

    static async Task WriteAsync(string server, byte[] request)
    {
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        content.Headers.ContentEncoding.Add("snappy");
        using var answer = await Http.PostAsync(server + "/api/v1/write", content);
        Assert.True(answer.IsSuccessStatusCode, $"{server}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    static string Seconds(long timestampMs) => (timestampMs / 1000.0).ToString(CultureInfo.InvariantCulture);
}
