using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>Real promtool and amtool against the real server.</summary>
public class PeersTests
{
    [Fact]
    public async Task PromtoolAndAmtool_Work()
    {
        string promtool = Programs.RequirePeer("promtool"), amtool = Programs.RequirePeer("amtool");
        int port = Programs.FreePort();
        using var configuration = new ConfigurationFolder()
            .With("prometheus.yml", $"""
                global: {"{"}scrape_interval: 1s, evaluation_interval: 1s{"}"}
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: self
                    static_configs: [{"{"}targets: ['127.0.0.1:{port}']{"}"}]
                """)
            .With("rules.yml", """
                groups:
                  - name: always
                    rules:
                      - alert: Watchdog
                        expr: vector(1)
                        labels: {severity: none}
                        annotations: {summary: always on}
                """);
        var ports = VigiePorts.Free() with { Prometheus = port };
        await using var server = await VigieServer.StartAsync([configuration.Path], ports);
        await Wait.UntilAsync("up is 1", 30, async () => (await server.QueryAsync("up == 1")).Count > 0, () => server.Process.Output);

        await Check(promtool, ["query", "instant", server.Prometheus, "up"], "up{instance=\"127.0.0.1:" + port + "\", job=\"self\"} => 1");
        await Check(promtool, ["query", "labels", server.Prometheus, "job"], "self");
        await Check(promtool, ["query", "series", "--match=up", server.Prometheus], "__name__=\"up\"");
        await Check(promtool, ["query", "range", server.Prometheus, "up"], "up{");
        foreach (string handler in new[] { "/api/v1/query", "/api/v1/label/:name/values", "/metrics" })
        {
            string counted = $"prometheus_http_requests_total{{handler=\"{handler}\",code=\"200\"}} >= 1 and on (handler) prometheus_http_request_duration_seconds_count >= 1";
            await Wait.UntilAsync("requests are counted by " + handler, 30, async () => (await server.QueryAsync(counted)).Count == 1, () => server.Process.Output);
        }
        await Wait.UntilAsync("the alert reaches Alertmanager", 30, async () => (await server.GetAsync(server.Alertmanager + "/api/v2/alerts")).AsArray().Count > 0);
        await Check(amtool, ["--alertmanager.url=" + server.Alertmanager, "alert"], "Watchdog");
        await Check(amtool, ["--alertmanager.url=" + server.Alertmanager, "silence", "add", "alertname=Watchdog", "--comment=test", "--duration=1h"], "-");
        await Check(amtool, ["--alertmanager.url=" + server.Alertmanager, "silence"], "Watchdog");
    }

    static async Task Check(string program, string[] arguments, string expected)
    {
        await using var tool = await ChildProcess.RunAsync(program, arguments);
        Assert.True(tool.ExitCode == 0, $"{Path.GetFileName(program)} {string.Join(' ', arguments)}:\n{tool.Output}");
        Assert.Contains(expected, tool.Output);
    }
}
