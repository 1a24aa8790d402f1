using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>`vigie tsdb` on a store of its own, in promtool's words.</summary>
public sealed class TsdbCommandsTests : IDisposable
{
    const string Page = """
        # HELP http_requests_total Requests.
        # TYPE http_requests_total counter
        http_requests_total{code="200",path="/é"} 1021 1565133713.989
        http_requests_total{code="200",path="/é"} 1022.5 1565133723.989
        http_requests_total{code="400",path="/é"} 1 1565133713.989
        # TYPE temperature gauge
        temperature -0.5 1565133713.989
        # EOF

        """;
    readonly string _folder = Directory.CreateTempSubdirectory("vigie-tsdb-").FullName;

    string Store => Path.Combine(_folder, "store");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task OpenMetrics_GoesInAndComesOut()
    {
        string created = await RunAsync(0, "create-blocks-from", "openmetrics", Write("page.om", Page), Store);
        Assert.Contains("NUM SAMPLES", created);
        Assert.Contains("00000001", created);
        string[] expected = Page.Split('\n').Where(static line => line.StartsWith("http", StringComparison.Ordinal) || line.StartsWith("temp", StringComparison.Ordinal))
            .Select(static line => line.Replace("\",path", "\", path").Replace("temperature ", "temperature{} ")).Append("# EOF").ToArray();
        string dumped = await RunAsync(0, "dump-openmetrics", Store);
        Assert.Equal(expected.Order(StringComparer.Ordinal), Lines(dumped).Order(StringComparer.Ordinal));
        Assert.Equal("# EOF", Lines(dumped)[^1]);
        Assert.Equal(2, Lines(await RunAsync(0, "dump-openmetrics", Store, "--match={code=\"400\"}")).Length);
        // The same once more changes nothing.
        await RunAsync(0, "create-blocks-from", "openmetrics", Write("page.om", Page), Store, "--quiet");
        Assert.Equal(dumped, await RunAsync(0, "dump-openmetrics", Store));
    }

    [Fact]
    public async Task Analyze_NamesWhatIsWide()
    {
        await RunAsync(0, "create-blocks-from", "openmetrics", Write("page.om", Page), Store, "-q");
        string analysis = await RunAsync(0, "analyze", Store, "--limit=2");
        foreach (string line in (string[])["Total Series: 3", "Label names: 3", "Postings (unique label pairs): 5", "Postings entries (total label pairs): 7",
            "Duration: 10s", "2 http_requests_total", "2 path=/é", "2 code"]) Assert.Contains(line, Lines(analysis));
        Assert.Contains("Total Series: 1", Lines(await RunAsync(0, "analyze", Store, "--match=temperature")));
        Assert.Contains("block 77 not found", await RunAsync(1, "analyze", Store, "77"));
    }

    [Fact]
    public async Task OpenMetrics_WithoutATimestamp_NamesTheLine() => Assert.Contains("line 2: expected timestamp for series",
        await RunAsync(1, "create-blocks-from", "openmetrics", Write("page.om", "# TYPE a gauge\na 1\n# EOF\n"), Store));

    [Fact]
    public async Task Rules_AreEvaluatedOverThePastThroughAnApi()
    {
        await RunAsync(0, "create-blocks-from", "openmetrics", Write("page.om", Page), Path.Combine(_folder, "served"), "-q");
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1s}\n");
        var ports = VigiePorts.Free();
        await using var server = Programs.StartVigie(["serve", "--config.file=" + configuration.Path + "/prometheus.yml",
            "--storage.tsdb.path=" + Path.Combine(_folder, "served"), "--storage.tsdb.retention.time=50y", .. ports.Flags]);
        string url = $"http://127.0.0.1:{ports.Prometheus}";
        using var http = new HttpClient();
        await Wait.UntilAsync("vigie is ready", 30, async () => (await http.GetAsync(url + "/-/ready")).IsSuccessStatusCode, () => server.Output);
        string rules = Write("rules.yml", "groups: [{name: g, interval: 10s, rules: [{record: r, expr: sum(http_requests_total), labels: {by: rule}}]}]\n");
        string created = await RunAsync(0, "create-blocks-from", "rules", "--url=" + url, "--start=1565133720", "--end=1565133740", "--output-dir=" + Store, rules);
        Assert.Contains("created: 3 samples", created);
        Assert.Equal(["r{by=\"rule\"} 1022 1565133720.000", "r{by=\"rule\"} 1023.5 1565133730.000", "r{by=\"rule\"} 1023.5 1565133740.000", "# EOF"],
            Lines(await RunAsync(0, "dump-openmetrics", Store)));
    }

    string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    static async Task<string> RunAsync(int exitCode, params string[] arguments)
    {
        await using var run = await Programs.RunVigieAsync(["tsdb", .. arguments]);
        Assert.True(run.ExitCode == exitCode, $"exit code {run.ExitCode}:\n{run.Output}");
        return run.Output;
    }
}
