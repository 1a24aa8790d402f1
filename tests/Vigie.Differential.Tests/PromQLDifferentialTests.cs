using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>
/// The same generated samples and the same generated queries to Vigie and to a real Prometheus 3.5, answers compared. The number of queries
/// and the seed can be set: VIGIE_DIFFERENTIAL_QUERIES, VIGIE_DIFFERENTIAL_SEED.
/// </summary>
public class PromQLDifferentialTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    [Fact]
    public async Task GeneratedQueries_AnswerAsPrometheusDoes()
    {
        string prometheus = Peers.RequirePrometheus3();
        int seed = Setting("VIGIE_DIFFERENTIAL_SEED", 20261);
        int count = Setting("VIGIE_DIFFERENTIAL_QUERIES", 2000);
        long endMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 60_000 * 60_000 - 60_000;
        var data = new GeneratedData(seed, endMs);

        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1h, evaluation_interval: 1m}\n");
        await using var vigie = await VigieServer.StartAsync(["--config.file=" + configuration.Path + "/prometheus.yml", "--web.enable-remote-write-receiver"]);
        int port = Programs.FreePort();
        await using var peer = ChildProcess.Start(prometheus,
        [
            $"--config.file={configuration.Path}/prometheus.yml", $"--storage.tsdb.path={configuration.Path}/peer", $"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-remote-write-receiver", "--enable-feature=native-histograms", "--log.level=warn",
        ], configuration.Path);
        string peerUrl = $"http://127.0.0.1:{port}";
        await Wait.UntilAsync("Prometheus is ready", 60, async () => (await Http.GetAsync(peerUrl + "/-/ready")).IsSuccessStatusCode, () => peer.Output);
        foreach (byte[] request in data.Requests())
        {
            await Peers.WriteAsync(vigie.Prometheus, request);
            await Peers.WriteAsync(peerUrl, request);
        }

        var generator = new QueryGenerator(seed);
        var differences = new List<string>();
        var known = KnownDifferences.Load();
        for (int i = 0; i < count; i++)
        {
            string query = generator.Next();
            string address = i % 3 == 0
                ? $"query?time={Seconds(data.EndMs - i % 7 * 61_000L)}"
                : $"query_range?start={Seconds(data.StartMs + i % 11 * 60_000L)}&end={Seconds(data.EndMs)}&step={(i % 2 == 0 ? 60 : 37)}";
            string path = $"/api/v1/{address}&query={Uri.EscapeDataString(query)}";
            var ours = JsonNode.Parse(await GetAsync(vigie.Prometheus + path))!;
            var theirs = JsonNode.Parse(await GetAsync(peerUrl + path))!;
            if (Answers.Difference(ours, theirs) is { } difference && !known.Any(entry => entry.Covers(query, difference)))
                differences.Add($"{address}\n  {query}\n  {difference}");
        }
        TestContext.Current.SendDiagnosticMessage($"seed {seed}: {count} queries, {differences.Count} differences");
        Assert.True(differences.Count == 0, $"seed {seed}: {differences.Count} of {count} queries differ:\n" + string.Join('\n', differences.Take(25)));
    }

    static async Task<string> GetAsync(string url)
    {
        using var answer = await Http.GetAsync(url);
        return await answer.Content.ReadAsStringAsync();
    }

    static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    static string Seconds(long timestampMs) => (timestampMs / 1000.0).ToString(CultureInfo.InvariantCulture);
}
