using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>Start, stop, reload, and what happens when the process dies.</summary>
public class LifecycleTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task KilledDuringScraping_EverySampleAQueryHadShownIsThereAgain()
    {
        int port = Programs.FreePort(), nodePort = Programs.FreePort();
        using var configuration = new ConfigurationFolder().With("prometheus.yml", $"""
            global: {"{"}scrape_interval: 100ms, scrape_timeout: 100ms{"}"}
            scrape_configs:
              - job_name: self
                static_configs: [{"{"}targets: ['127.0.0.1:{port}', '127.0.0.1:{nodePort}']{"}"}]
            """);
        await using var server = await VigieServer.StartAsync([configuration.Path], VigiePorts.Free() with { Prometheus = port, Node = nodePort });
        await Wait.UntilAsync("node metrics are scraped", 30, async () => (await server.QueryAsync("count_over_time(up[1m]) > 10")).Count == 2,
            () => server.Process.Output);
        for (int round = 0; round < 3; round++)
        {
            // A second back: a scrape that is under way now carries an earlier timestamp and may be stored after the first query.
            double now = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 1000) / 1000.0;
            var countsBefore = await OverTimeAsync(server, "count_over_time", now);
            var sumsBefore = await OverTimeAsync(server, "sum_over_time", now);
            server.Process.Kill();
            await server.Process.WaitForExitAsync(10);
            var watch = Stopwatch.StartNew();
            await server.RestartAsync();
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"ready only after {watch.Elapsed}");
            var countsAfter = await OverTimeAsync(server, "count_over_time", now);
            var sumsAfter = await OverTimeAsync(server, "sum_over_time", now);
            Assert.NotEmpty(countsBefore);
            foreach (var (series, count) in countsBefore)
            {
                Assert.True(countsAfter.TryGetValue(series, out string? after), $"{series} is gone");
                Assert.True(count == after, $"{series}: {count} samples before, {after} after");
                Assert.Equal(sumsBefore[series], sumsAfter[series]);
            }
        }
    }

    [Fact]
    public async Task Terminate_StopsInOrderWithinTenSeconds()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1s}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        var watch = Stopwatch.StartNew();
        server.Process.Terminate();
        await server.Process.WaitForExitAsync(15);
        Assert.True(server.Process.ExitCode == 0, server.Process.Output);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Fact]
    public async Task Reload_TakesAGoodFileAndRefusesABadOne()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1s}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path]);

        configuration.With("prometheus.yml", "global: {scrape_interval: 7s}\n");
        using (var answer = await Http.PostAsync(server.Prometheus + "/-/reload", null)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("scrape_interval: 7s", (await server.GetAsync(server.Prometheus + "/api/v1/status/config")).ToJsonString());

        configuration.With("prometheus.yml", "global:\n  scrape_interval: soon\n  evaluation_intervall: 1s\n");
        using (var answer = await Http.PostAsync(server.Prometheus + "/-/reload", null))
        {
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.Contains("prometheus.yml:2:", text);
            Assert.Contains("prometheus.yml:3:", text);
        }
        Assert.Contains("scrape_interval: 7s", (await server.GetAsync(server.Prometheus + "/api/v1/status/config")).ToJsonString());
        Assert.Equal("0", (await MetricsAsync(server))["prometheus_config_last_reload_successful"]);

        configuration.With("prometheus.yml", "global: {scrape_interval: 9s}\n");
        server.Process.Hangup();
        await Wait.UntilAsync("SIGHUP reloads", 10, async () =>
            (await server.GetAsync(server.Prometheus + "/api/v1/status/config")).ToJsonString().Contains("scrape_interval: 9s"), () => server.Process.Output);
        Assert.Equal("1", (await MetricsAsync(server))["prometheus_config_last_reload_successful"]);
    }

    [Fact]
    public async Task Reload_OfAServerStartedByNohup_FollowsTheSignal()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1s}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path], withNohup: true);
        configuration.With("prometheus.yml", "global: {scrape_interval: 9s}\n");
        server.Process.Hangup();
        await Wait.UntilAsync("SIGHUP reloads", 10, async () =>
            (await server.GetAsync(server.Prometheus + "/api/v1/status/config")).ToJsonString().Contains("scrape_interval: 9s"), () => server.Process.Output);
    }

    [Fact]
    public async Task BadConfiguration_StopsStartUpWithEveryProblemAtOnce()
    {
        using var configuration = new ConfigurationFolder()
            .With("prometheus.yml", "global:\n  scrape_interval: soon\nscrape_configs:\n  - job_name: a\n    metric_path: /x\n")
            .With("rules/rules.yml", "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: sum(\n")
            .With("alertmanager.yml", "route:\n  receiver: nobody\nreceivers: []\n");
        await using var vigie = await Programs.RunVigieAsync(
            ["serve", configuration.Path, "--storage.tsdb.path=" + configuration.Path + "/data", .. VigiePorts.Free().Flags]);
        Assert.NotEqual(0, vigie.ExitCode);
        Assert.Contains("prometheus.yml:2:20", vigie.Output);
        Assert.Contains("prometheus.yml:5:5", vigie.Output);
        Assert.Contains("rules.yml:5:", vigie.Output);
        Assert.Contains("alertmanager.yml:2:", vigie.Output);
    }

    [Fact]
    public async Task CommandLineOfAContainer_StartsAsItIs()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1s}\n");
        await using var server = await VigieServer.StartAsync([
            $"--config.file={configuration.Path}/prometheus.yml", "--web.console.libraries=/usr/share/prometheus/console_libraries",
            "--web.console.templates=/usr/share/prometheus/consoles", "--storage.tsdb.retention.time=30d", "--storage.tsdb.wal-compression",
            "--web.enable-lifecycle", "--web.enable-admin-api=true"]);
        Assert.Contains("--web.console.libraries changes nothing", server.Process.Output);
    }

    [Fact]
    public async Task AcceptedRemoteWriteMessages_OthersAreRefusedAsByPrometheus()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {}\n");
        await using var server = await VigieServer.StartAsync([configuration.Path, "--web.enable-remote-write-receiver",
            "--web.remote-write-receiver.accepted-protobuf-messages=io.prometheus.write.v2.Request"]);
        await Check(HttpStatusCode.UnsupportedMediaType, "application/x-protobuf",
            "prometheus.WriteRequest protobuf message is not accepted by this server; accepted [io.prometheus.write.v2.Request]\n");
        await Check(HttpStatusCode.UnsupportedMediaType, "application/x-protobuf;proto=prometheus.WriteRequest",
            "prometheus.WriteRequest protobuf message is not accepted by this server; accepted [io.prometheus.write.v2.Request]\n");
        await Check(HttpStatusCode.NoContent, "application/x-protobuf;proto=io.prometheus.write.v2.Request", "");

        await using var wrong = await Programs.RunVigieAsync("serve", configuration.Path, "--web.remote-write-receiver.accepted-protobuf-messages=bogus");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("found \"bogus\", expected prometheus.WriteRequest or io.prometheus.write.v2.Request", wrong.Output);

        async Task Check(HttpStatusCode expected, string type, string text)
        {
            using var nothing = new ByteArrayContent([0]); // snappy of an empty message
            nothing.Headers.TryAddWithoutValidation("Content-Type", type);
            nothing.Headers.ContentEncoding.Add("snappy");
            using var answer = await Http.PostAsync(server.Prometheus + "/api/v1/write", nothing);
            Assert.Equal((expected, text), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task TakenPort_IsAnErrorThatNamesTheFlag()
    {
        using var configuration = new ConfigurationFolder().With("prometheus.yml", "global: {scrape_interval: 1s}\n");
        var ports = VigiePorts.Free();
        using var other = new TcpListener(IPAddress.Loopback, ports.Alertmanager);
        other.Start();
        await using var vigie = await Programs.RunVigieAsync(
            ["serve", configuration.Path, "--storage.tsdb.path=" + configuration.Path + "/data", .. ports.Flags]);
        Assert.NotEqual(0, vigie.ExitCode);
        Assert.Contains("--alertmanager.web.listen-address", vigie.Output);
        Assert.Contains(ports.Alertmanager.ToString(), vigie.Output);
    }

    [Fact]
    public async Task BrokenPage_FailsThatScrapeWithTheLineNumber()
    {
        using var target = new PageServer("good 1\nbad{ 2\n");
        using var configuration = new ConfigurationFolder().With("prometheus.yml", $"""
            global: {"{"}scrape_interval: 1s{"}"}
            scrape_configs:
              - job_name: broken
                static_configs: [{"{"}targets: ['127.0.0.1:{target.Port}']{"}"}]
            """);
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        await Wait.UntilAsync("up is 0", 20, async () => (await server.QueryAsync("up == 0")).Count == 1, () => server.Process.Output);
        var targets = await server.GetAsync(server.Prometheus + "/api/v1/targets");
        Assert.Contains("expected label name", targets["data"]!["activeTargets"]![0]!["lastError"]!.GetValue<string>());
        Assert.Equal(2, targets["data"]!["activeTargets"]![0]!["lastErrorLine"]!.GetValue<int>());
        Assert.Empty(await server.QueryAsync("good"));
    }

    static async Task<Dictionary<string, string>> OverTimeAsync(VigieServer server, string function, double atSeconds)
    {
        var all = new Dictionary<string, string>();
        foreach (string metric in new[] { "up", "scrape_duration_seconds", "node_cpu_seconds_total", "node_memory_MemFree_bytes", "node_load1" })
            foreach (var (series, value) in await server.QueryAsync($"{function}({metric}[5m])", atSeconds)) all[$"{metric} {series}"] = value;
        return all;
    }

    static async Task<Dictionary<string, string>> MetricsAsync(VigieServer server)
    {
        string page = await Http.GetStringAsync(server.Prometheus + "/metrics");
        return page.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')).GroupBy(parts => parts[0])
            .ToDictionary(group => group.Key, group => group.First()[1]);
    }
}
