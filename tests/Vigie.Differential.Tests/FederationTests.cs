using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>The federation page is that of a real Prometheus, and one that scrapes it sees the same native histograms.</summary>
public class FederationTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    [Fact]
    public async Task Page_IsThatOfPrometheus()
    {
        string prometheus = Peers.RequirePrometheus3();
        using var folder = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1h, external_labels: {zone: west, job: ours}}\n");
        await using var vigie = await VigieServer.StartAsync(["--config.file=" + folder.Path + "/prometheus.yml", "--web.enable-remote-write-receiver"]);
        int port = Programs.FreePort();
        folder.With("peer.yml", $"""
            global: {"{"}scrape_interval: 1h, external_labels: {"{"}zone: west, job: ours{"}}"}
            scrape_configs:
              - job_name: federate
                scrape_interval: 1s
                honor_labels: true
                metrics_path: /federate
                params: {"{"}'match[]': ['{"{"}__name__=~".+"{"}"}']{"}"}
                metric_relabel_configs: [{"{"}target_label: by, replacement: federation{"}"}]
                static_configs: [{"{"}targets: ['127.0.0.1:{vigie.Ports.Prometheus}']{"}"}]
            """);
        await using var peer = ChildProcess.Start(prometheus,
        [
            $"--config.file={folder.Path}/peer.yml", $"--storage.tsdb.path={folder.Path}/peer", $"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-remote-write-receiver", "--enable-feature=native-histograms", "--log.level=warn",
        ], folder.Path);
        string peerUrl = $"http://127.0.0.1:{port}";
        await Wait.UntilAsync("Prometheus is ready", 60, async () => (await Http.GetAsync(peerUrl + "/-/ready")).IsSuccessStatusCode, () => peer.Output);
        long endMs = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 60_000 * 60_000) - 60_000;
        var data = new GeneratedData(5, endMs);
        foreach (byte[] request in data.Requests())
        {
            await WriteAsync(vigie.Prometheus, request);
            await WriteAsync(peerUrl, request);
        }
        string match = "/federate?match[]=" + Uri.EscapeDataString("{__name__=~\".+\",by=\"\",job!=\"federate\"}");
        Assert.Equal(await PageAsync(peerUrl + match), await PageAsync(vigie.Prometheus + match));

        // Scraped again, they come back with a label more and equal otherwise.
        string? difference = null;
        await Wait.UntilAsync("the scraped histograms are those of Vigie", 30, async () =>
        {
            var scraped = await HistogramsAsync(peerUrl, "by=\"federation\"");
            var own = await HistogramsAsync(peerUrl, "by=\"\"");
            difference = own.Count == 0 ? "no histograms" : Answers.Difference(Answer(scraped), Answer(own));
            return difference is null;
        }, () => difference ?? "");

        async Task<JsonArray> HistogramsAsync(string server, string by)
        {
            string selector = $"{{__name__=~\".+\",{by}}}";
            string query = Uri.EscapeDataString($"sum by (job, instance) (histogram_count({selector}) + histogram_sum({selector}))");
            var answer = JsonNode.Parse(await Http.GetStringAsync($"{server}/api/v1/query?query={query}&time={Seconds(data.EndMs)}"))!;
            return answer["data"]!["result"]!.DeepClone().AsArray();
        }
    }

    static JsonNode Answer(JsonArray result) => new JsonObject
    {
        ["status"] = "success", ["data"] = new JsonObject { ["resultType"] = "vector", ["result"] = result },
    };

    /// <summary>Its type, and its lines in order.</summary>
    static async Task<string> PageAsync(string url)
    {
        using var answer = await Http.GetAsync(url);
        return answer.Content.Headers.ContentType + "\n" + await answer.Content.ReadAsStringAsync();
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
