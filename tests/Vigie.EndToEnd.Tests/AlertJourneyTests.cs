using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>Faults in the monitored platform become alerts, and alerts become notifications at real HTTP servers.</summary>
public class AlertJourneyTests
{
    [Fact]
    public async Task Errors_MakeHighErrorRatePendingThenFiring_AndReceiversHearOfItAndOfItsEnd()
    {
        using var receiver = new RecordingServer();
        await using var veza = await VezaPlatform.StartAsync();
        using var configuration = Configuration(veza, receiver);
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        await using var load = veza.Load("--rate", "40");
        await Wait.UntilAsync("requests are counted", 30, async () => (await server.QueryAsync("sum(rate(http_requests_total[10s])) > 1")).Count > 0,
            () => server.Process.Output + load.Output);

        await using (var faults = veza.Load("--errors", "0.5", "--rate", "40", "--for", "60s"))
        {
            var seen = new HashSet<string>();
            await Wait.UntilAsync("HighErrorRate is pending, then firing", 60, async () =>
            {
                seen.UnionWith(await server.AlertStatesAsync("HighErrorRate"));
                return seen.Contains("pending") && seen.Contains("firing");
            }, () => string.Join(",", seen) + faults.Output + server.Process.Output);

            var webhook = await Wait.ForAsync("the webhook receives the firing group", 20,
                () => Task.FromResult(Notifications(receiver, "/webhook", "HighErrorRate", "firing").FirstOrDefault()), () => server.Process.Output);
            Assert.Equal("4", webhook["version"]!.GetValue<string>());
            Assert.Equal("HighErrorRate", webhook["groupLabels"]!["alertname"]!.GetValue<string>());
            Assert.StartsWith("High error rate", webhook["alerts"]![0]!["annotations"]!["summary"]!.GetValue<string>());
            Assert.Contains("%", webhook["alerts"]![0]!["annotations"]!["description"]!.GetValue<string>());
            var slack = await Wait.ForAsync("Slack receives its payload", 20, () => Task.FromResult(receiver.To("/slack").FirstOrDefault()));
            Assert.Equal("#veza-alerts", slack["channel"]!.GetValue<string>());
            Assert.Contains("HighErrorRate", slack["attachments"]![0]!["title"]!.GetValue<string>());
        }

        await Wait.UntilAsync("the webhook hears that it resolved", 60,
            () => Task.FromResult(Notifications(receiver, "/webhook", "HighErrorRate", "resolved").Any()), () => server.Process.Output);
        await Wait.UntilAsync("the alert is gone", 30, async () => (await server.AlertStatesAsync("HighErrorRate")).Length == 0);
    }

    [Fact]
    public async Task StoppedService_FiresServiceDown()
    {
        using var receiver = new RecordingServer();
        await using var veza = await VezaPlatform.StartAsync();
        using var configuration = Configuration(veza, receiver);
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        await Wait.UntilAsync("all targets are up", 30, async () => (await server.QueryAsync("count(up == 1) == 3")).Count > 0, () => server.Process.Output);

        var stop = veza.Load("--stop", "chat");
        await stop.WaitForExitAsync(30);
        Assert.True(stop.ExitCode == 0, stop.Output);
        await veza.Chat.WaitForExitAsync(15);

        var webhook = await Wait.ForAsync("ServiceDown is notified", 60,
            () => Task.FromResult(Notifications(receiver, "/webhook", "ServiceDown", "firing").FirstOrDefault()), () => server.Process.Output);
        Assert.Equal("veza-chat-server", webhook["alerts"]![0]!["labels"]!["job"]!.GetValue<string>());
        Assert.Contains("firing", await server.AlertStatesAsync("ServiceDown"));
        var targets = await server.GetAsync(server.Prometheus + "/api/v1/targets?scrapePool=veza-chat-server");
        Assert.Equal("down", targets["data"]!["activeTargets"]![0]!["health"]!.GetValue<string>());
        Assert.Contains("refused", targets["data"]!["activeTargets"]![0]!["lastError"]!.GetValue<string>());
    }

    static IEnumerable<JsonNode> Notifications(RecordingServer receiver, string path, string alertName, string status) =>
        receiver.To(path).Where(body => body["status"]!.GetValue<string>() == status && body["groupLabels"]!["alertname"]?.GetValue<string>() == alertName);

    static ConfigurationFolder Configuration(VezaPlatform veza, RecordingServer receiver) => new ConfigurationFolder()
        .With("prometheus/prometheus.yml", $"""
            global:
              scrape_interval: 1s
              evaluation_interval: 1s
            rule_files: ["rules/*.yml"]
            scrape_configs:
              - job_name: veza-backend-api
                static_configs: [{"{"}targets: ['127.0.0.1:{veza.BackendPort}']{"}"}]
              - job_name: veza-chat-server
                static_configs: [{"{"}targets: ['127.0.0.1:{veza.ChatPort}']{"}"}]
              - job_name: veza-stream-server
                static_configs: [{"{"}targets: ['127.0.0.1:{veza.StreamPort}']{"}"}]
            """)
        .With("prometheus/rules/alerts.yml", """
            groups:
              - name: veza-alerts
                rules:
                  - alert: HighErrorRate
                    expr: sum by (job) (rate(http_requests_total{status=~"5.."}[10s])) / sum by (job) (rate(http_requests_total[10s])) > 0.05
                    for: 2s
                    labels:
                      severity: critical
                    annotations:
                      summary: "High error rate on {{ $labels.job }}"
                      description: "Error rate is {{ $value | humanizePercentage }}"
                  - alert: ServiceDown
                    expr: up == 0
                    for: 2s
                    labels:
                      severity: critical
                    annotations:
                      summary: "Service {{ $labels.job }} is down"
            """)
        .With("alertmanager/alertmanager.yml", $$$"""
            route:
              receiver: everything
              group_by: [alertname]
              group_wait: 1s
              group_interval: 1s
              repeat_interval: 1h
            receivers:
              - name: everything
                webhook_configs:
                  - url: http://127.0.0.1:{{{receiver.Port}}}/webhook
                    send_resolved: true
                slack_configs:
                  - api_url: http://127.0.0.1:{{{receiver.Port}}}/slack
                    channel: '#veza-alerts'
                    send_resolved: true
            """);
}
