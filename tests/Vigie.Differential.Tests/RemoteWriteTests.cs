using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.Differential.Tests;

/// <summary>
/// Generated samples go to Vigie, and from it by remote write to real receivers, which are stopped and killed on the way, as Vigie is. In
/// the
/// end they hold what Vigie holds, to the last digit.
/// </summary>
public class RemoteWriteTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData("prometheus.WriteRequest")]
    [InlineData("io.prometheus.write.v2.Request")]
    public async Task Prometheus_HoldsWhatVigieHolds_AfterBothWereKilled(string message)
    {
        string prometheus = Peers.RequirePrometheus3();
        using var folder = new ConfigurationFolder().With("peer.yml", "global: {scrape_interval: 1h}\n");
        int port = Programs.FreePort();
        ChildProcess StartPeer() => ChildProcess.Start(prometheus,
        [
            $"--config.file={folder.Path}/peer.yml", $"--storage.tsdb.path={folder.Path}/peer", $"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-remote-write-receiver", "--enable-feature=native-histograms,exemplar-storage", "--log.level=warn",
        ], folder.Path);
        await CheckAsync(folder, $"http://127.0.0.1:{port}", "/api/v1/write", message, StartPeer, isVictoria: false);
    }

    [Fact]
    public async Task VictoriaMetrics_HoldsWhatVigieHolds_AfterItWasStoppedAndVigieKilled()
    {
        string victoria = Programs.RequireNewestPeer("victoria-metrics");
        using var folder = new ConfigurationFolder();
        int port = Programs.FreePort();
        ChildProcess StartPeer() => ChildProcess.Start(victoria,
        [
            $"-storageDataPath={folder.Path}/peer", $"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y", "-search.latencyOffset=0s",
            "-loggerLevel=WARN",
        ], folder.Path);
        // It acknowledges before it writes, so it is stopped in order. Its values are rounded; native histograms become ranges of its own.
        await CheckAsync(folder, $"http://127.0.0.1:{port}", "/api/v1/write", "prometheus.WriteRequest", StartPeer, isVictoria: true);
    }

    static async Task CheckAsync(
        ConfigurationFolder folder, string peerUrl, string path, string message, Func<ChildProcess> startPeer, bool isVictoria)
    {
        long endMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 60_000 * 60_000 - 60_000;
        var data = new GeneratedData(7, endMs);
        folder.With("prometheus.yml", $"""
            global: {"{"}scrape_interval: 1h{"}"}
            remote_write:
              - url: {peerUrl}{path}
                protobuf_message: {message}
                send_native_histograms: {(isVictoria ? "false" : "true")}
                queue_config: {"{"}batch_send_deadline: 200ms, max_samples_per_send: 500, max_backoff: 200ms, min_shards: 2{"}"}
            """);
        await using var vigie = await VigieServer.StartAsync(["--config.file=" + folder.Path + "/prometheus.yml", "--web.enable-remote-write-receiver"]);
        var peer = startPeer();
        try
        {
            await WaitUntilReadyAsync(peerUrl, peer);
            int round = 0;
            foreach (byte[] request in data.Requests())
            {
                await Peers.WriteAsync(vigie.Prometheus, request);
                switch (round++ % 6)
                {
                    case 1:
                        if (!isVictoria) peer.Kill();
                        await peer.DisposeAsync();
                        break;
                    case 2:
                        vigie.Process.Kill();
                        await vigie.Process.WaitForExitAsync(10);
                        await vigie.RestartAsync();
                        break;
                    case 3:
                        peer = startPeer();
                        await WaitUntilReadyAsync(peerUrl, peer);
                        break;
                    case 4:
                        vigie.Process.Kill();
                        await vigie.Process.WaitForExitAsync(10);
                        await vigie.RestartAsync();
                        break;
                }
            }
            if (peer.HasExited) peer = startPeer();
            await WaitUntilReadyAsync(peerUrl, peer);
            string query = $"/api/v1/query?time={Seconds(data.EndMs)}&query="
                + Uri.EscapeDataString($"{{__name__=~\".+\"}}[{((data.EndMs - data.StartMs) / 1000) + 60}s]");
            var ours = JsonNode.Parse(await Http.GetStringAsync(vigie.Prometheus + query))!;
            string? difference = "not compared yet";
            await Wait.UntilAsync("the receiver holds what Vigie holds", 60, async () =>
            {
                difference = isVictoria
                    ? DifferenceToExport(ours, await Http.GetStringAsync(peerUrl + "/api/v1/export?match[]=" + Uri.EscapeDataString("{__name__=~\".+\"}")))
                    : Answers.Difference(ours, JsonNode.Parse(await Http.GetStringAsync(peerUrl + query))!);
                return difference is null;
            }, () => difference + "\n" + vigie.Process.Output);
            Assert.True(ours["data"]!["result"]!.AsArray().Count > 50);
        }
        finally
        {
            await peer.DisposeAsync();
        }
    }

    /// <summary>Null if VictoriaMetrics exports what the answer of a query holds, as far as it stores such values.</summary>
    static string? DifferenceToExport(JsonNode answer, string export)
    {
        var theirs = new Dictionary<string, SortedDictionary<long, double>>();
        foreach (string line in export.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var series = JsonNode.Parse(line)!;
            string labels = Labels(series["metric"]!);
            if (!theirs.TryGetValue(labels, out var samples)) theirs[labels] = samples = [];
            foreach (var (timestamp, value) in series["timestamps"]!.AsArray().Zip(series["values"]!.AsArray()))
                if (value is not null) samples[timestamp!.GetValue<long>()] = Number(value.ToString());
        }
        foreach (var series in answer["data"]!["result"]!.AsArray())
        {
            if (series!["values"] is not JsonArray values) continue;
            string labels = Labels(series["metric"]!);
            var samples = theirs.GetValueOrDefault(labels) ?? [];
            int compared = 0;
            // It stores whole numbers and one power of ten for many samples: small values beside large ones lose digits.
            double precision = 1e-11 * values.Select(sample => Math.Abs(Number(sample![1]!.GetValue<string>()))).Where(double.IsFinite).DefaultIfEmpty().Max();
            foreach (var sample in values)
            {
                double value = Number(sample![1]!.GetValue<string>());
                if (double.IsNaN(value)) continue;
                compared++;
                long timestamp = (long)Math.Round(sample[0]!.GetValue<double>() * 1000);
                if (!samples.TryGetValue(timestamp, out double theirValue)) return $"{labels}: no sample at {timestamp}";
                if (value != theirValue && !(Math.Abs(value - theirValue) <= precision))
                    return string.Create(CultureInfo.InvariantCulture, $"{labels} at {timestamp}: {theirValue:R}, expected {value:R}");
            }
            if (compared != samples.Count) return $"{labels}: {samples.Count} samples, expected {compared}";
        }
        return null;
    }

    static string Labels(JsonNode metric) =>
        string.Join(",", metric.AsObject().OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));

    static double Number(string text) => text switch
    {
        "+Inf" or "Infinity" => double.PositiveInfinity,
        "-Inf" or "-Infinity" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    static Task WaitUntilReadyAsync(string url, ChildProcess peer) => Wait.UntilAsync("the receiver is ready", 60,
        async () => (await Http.GetAsync(url + "/-/ready")).IsSuccessStatusCode, () => peer.Output);

    static string Seconds(long timestampMs) => (timestampMs / 1000.0).ToString(CultureInfo.InvariantCulture);
}
