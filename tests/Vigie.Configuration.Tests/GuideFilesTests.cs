using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.AlertPolicy;
using Vigie.Configuration.Prometheus;
using Vigie.Configuration.Rules;
using Vigie.Testing;

namespace Vigie.Configuration.Tests;

/// <summary>Complete files as users write them, which lie beside the conformance data; nothing to check where they are absent.</summary>
public sealed class GuideFilesTests
{
    static readonly string? s_root = ConformanceData.Root is { } data ? Path.Combine(Path.GetDirectoryName(data)!, "guides") : null;

    [Fact]
    public void PrometheusFiles_AreAccepted() => ForEach("prometheus.yml", static (path, text, problems) =>
    {
        var config = PrometheusConfigLoader.Load(path, text, new MemoryFiles(), problems);
        Assert.NotEmpty(config?.ScrapeConfigs ?? []);
    });

    [Fact]
    public void RuleFiles_AreAccepted() => ForEach("*alert*s.yml", static (path, text, problems) =>
        Assert.NotEmpty(RuleFileLoader.Load(path, text, problems)?.Groups ?? []));

    [Fact]
    public void AlertmanagerFiles_AreAccepted() => ForEach("alertmanager.yml", static (path, text, problems) =>
        Assert.NotEmpty(AlertmanagerConfigLoader.Load(path, text, problems)?.Receivers ?? []));

    [Fact]
    public void AlertPolicies_AreAccepted() => ForEach("alert-config.yaml", static (path, text, problems) =>
    {
        var policy = AlertPolicyLoader.Load(path, text, problems, static name =>
            name == "SLACK_WEBHOOK_URL" ? "https://hooks.example/x" : null)!;
        Assert.Equal(TimeSpan.FromHours(2), policy.SeverityLevels["info"].ResponseTime);
        Assert.Equal(["pager_duty", "slack", "email"], policy.SeverityLevels["critical"].Channels);
        Assert.Equal("https://hooks.example/x", policy.Slack!.WebhookUrl.Reveal());
        Assert.Equal([5.0, 15.0, 30.0], policy.Escalation.Select(static e => e.Delay.TotalMinutes));
    });

    [Fact]
    public void MetricsCatalogues_AreAccepted() => ForEach("metrics-config.yaml", static (path, text, problems) =>
        Assert.Contains("http_requests_total", MetricsCatalogueLoader.Load(path, text, problems)!.Groups["application_metrics"]));

    static void ForEach(string pattern, Action<string, string, ConfigProblems> check)
    {
        if (s_root is null || !Directory.Exists(s_root)) return;
        string[] paths = Directory.GetFiles(s_root, pattern, SearchOption.AllDirectories);
        Assert.NotEmpty(paths);
        foreach (string path in paths)
        {
            var problems = new ConfigProblems();
            check(path, File.ReadAllText(path), problems);
            Assert.False(problems.HasErrors, problems.ToString());
        }
    }
}
