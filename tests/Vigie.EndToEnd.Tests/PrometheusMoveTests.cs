using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Durability;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>
/// A real Prometheus, killed while it scrapes itself (native histograms among others), moves in; what moves out again is served by a real Prometheus.
/// </summary>
public sealed class PrometheusMoveTests : IDisposable
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };
    readonly string _folder = Directory.CreateTempSubdirectory("vigie-move-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("snappy")]
    [InlineData("zstd")]
    public async Task KilledPrometheus_MovesInAndOut_AnswersTheSame(string compression)
    {
        string prometheus = Programs.RequireNewestPeer("prometheus"), data = Path.Combine(_folder, "prometheus"), copy = Path.Combine(_folder, "copy");
        int port = Programs.FreePort();
        string scraping = Configuration($"\nscrape_configs: [{{job_name: self, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]");
        await using (var peer = await StartPrometheusAsync(prometheus, scraping, data, port, "--storage.tsdb.wal-compression-type=" + compression))
        {
            await WriteAsync(port);
            await Wait.UntilAsync("native histograms are scraped", 60, async () =>
                (await SamplesAsync(port, Now())).Any(series => series.Value.Contains("histograms", StringComparison.Ordinal)), () => peer.Output);
            peer.Kill();
            await peer.WaitForExitAsync(10);
        }
        await RunAsync("cp", "-r", data, copy);
        File.Delete(Path.Combine(copy, "lock"));
        double until = Now();

        Dictionary<string, string> expected;
        await using (await StartPrometheusAsync(prometheus, Configuration(""), copy, port)) expected = await SamplesAsync(port, until);
        Assert.True(expected.Count > 100, $"{expected.Count} series");

        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1h}");
        await using var server = await VigieServer.StartAsync([configuration.Path, "--storage.tsdb.retention.time=1y"]);
        string[] import = ["tsdb", "import-prometheus", data, "--storage.tsdb.path", server.DataFolder];
        await using (var refused = await Programs.RunVigieAsync(import))
        {
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("is in use by another process", refused.Output);
        }
        server.Process.Terminate();
        await server.Process.WaitForExitAsync(30);
        string imported = await VigieAsync(import);
        Assert.DoesNotContain("imported: 0 samples", imported);
        Assert.Contains("imported: 0 samples", await VigieAsync(import));
        string exported = Path.Combine(_folder, "exported");
        await VigieAsync("tsdb", "export-prometheus", exported, "--storage.tsdb.path", server.DataFolder);
        await server.RestartAsync();
        Same(expected, await SamplesAsync(server.Ports.Prometheus, until));

        await using (await StartPrometheusAsync(prometheus, Configuration(""), exported, port)) Same(expected, await SamplesAsync(port, until));
        Assert.Contains("NUM SERIES", await RunAsync(Programs.RequirePeer("promtool"), "tsdb", "list", exported));
    }

    [Fact]
    public async Task RunningServer_BackedUpAndCopied_HasAllThatWasAcknowledged()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1h}");
        await using var server = await VigieServer.StartAsync([configuration.Path, "--web.enable-admin-api", "--web.enable-remote-write-receiver"]);
        await WriteAsync(server.Ports.Prometheus);
        string copy = Path.Combine(_folder, "copy"), backup = Path.Combine(_folder, "backup"), restored = Path.Combine(_folder, "restored");
        var more = WriteAsync(server.Ports.Prometheus, "later");
        await RunAsync("cp", "-r", server.DataFolder, copy);
        string made = await VigieAsync("backup", server.DataFolder, "--to", backup, "--url", server.Prometheus);
        Assert.Contains("0 problems", made);
        await more;
        await VigieAsync("restore", backup, restored);
        foreach (string folder in new[] { copy, restored })
        {
            string dump = await VigieAsync("tsdb", "dump", folder, "--match", "{__name__=\"moved\"}");
            Assert.Equal(Series * Steps, dump.Split('\n').Count(line => line.StartsWith("{__name__=\"moved\"", StringComparison.Ordinal)));
        }
    }

    const int Series = 10;
    const int Steps = 120;

    /// <summary>Two hours of floats and staleness markers.</summary>
    static async Task WriteAsync(int port, string name = "moved")
    {
        long end = (long)(Now() * 1000) - 60_000;
        for (int step = 0; step < Steps; step++)
        {
            long time = end - ((Steps - step) * 60_000);
            using var body = new ByteArrayContent(WriteRequest.Encode(Enumerable.Range(0, Series).Select(i =>
                (name, $"{i}", time, (step + i) % 50 == 49 ? Vigie.Model.StaleMarker.Value : Math.Sqrt(step * i)))));
            body.Headers.ContentType = new("application/x-protobuf");
            body.Headers.ContentEncoding.Add("snappy");
            using var answer = await Http.PostAsync($"http://127.0.0.1:{port}/api/v1/write", body, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    string Configuration(string more)
    {
        string path = Path.Combine(_folder, $"{Guid.NewGuid():n}.yml");
        File.WriteAllText(path, "global: {scrape_interval: 300ms, scrape_timeout: 300ms}" + more);
        return path;
    }

    static async Task<ChildProcess> StartPrometheusAsync(string program, string configuration, string data, int port, params string[] flags)
    {
        var process = ChildProcess.Start(program,
        [
            "--config.file=" + configuration, "--storage.tsdb.path=" + data, $"--web.listen-address=127.0.0.1:{port}",
            "--web.enable-remote-write-receiver", "--enable-feature=native-histograms", "--storage.tsdb.retention.time=1y", .. flags,
        ]);
        await Wait.UntilAsync("prometheus is ready", 60, async () =>
        {
            if (process.HasExited) throw new InvalidOperationException(process.Output);
            using var answer = await Http.GetAsync($"http://127.0.0.1:{port}/-/ready");
            return answer.IsSuccessStatusCode;
        }, () => process.Output);
        return process;
    }

    /// <summary>All samples of the last four hours: labels → values and histograms, as the API writes them.</summary>
    static async Task<Dictionary<string, string>> SamplesAsync(int port, double until)
    {
        string query = Uri.EscapeDataString("{__name__!=\"\"}[4h]");
        string time = until.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var answer = JsonNode.Parse(await Http.GetStringAsync($"http://127.0.0.1:{port}/api/v1/query?query={query}&time={time}"))!;
        return answer["data"]!["result"]!.AsArray().ToDictionary(
            series => string.Join(',', series!["metric"]!.AsObject().Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal)),
            series => $"{Texts(series!["values"])} {(series["histograms"] is { } found ? "histograms " + Texts(found) : "")}");
    }

    /// <summary>Times as numbers: 1.5 and 1.500 are the same.</summary>
    static string Texts(JsonNode? samples) => string.Join(' ', (samples?.AsArray() ?? []).Select(sample => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{sample![0]!.GetValue<double>()}:{sample[1]!.ToJsonString()}")));

    static void Same(Dictionary<string, string> expected, Dictionary<string, string> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        foreach (var (series, samples) in expected) Assert.True(samples == actual[series], $"{series}\nexpected {samples}\nfound    {actual[series]}");
    }

    static async Task<string> VigieAsync(params string[] arguments) => await OutputAsync(await Programs.RunVigieAsync(arguments), "vigie", arguments);

    static async Task<string> RunAsync(string program, params string[] arguments) =>
        await OutputAsync(await ChildProcess.RunAsync(program, arguments), program, arguments);

    static async Task<string> OutputAsync(ChildProcess ended, string program, string[] arguments)
    {
        await using var process = ended;
        Assert.True(process.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}:\n{process.Output}");
        return process.Output;
    }

    static double Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
}
