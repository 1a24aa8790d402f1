using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>The users' scripts run unmodified against the demo on the customary ports.</summary>
public class GuideScriptsTests
{
    [Fact]
    public async Task HealthCheckAndDeployScripts_ReportHealth()
    {
        string guides = Programs.RequireGuides();
        string promtool = Programs.RequirePeer("promtool");
        await using var veza = await VezaPlatform.StartAsync(8080, 8081, 8082);
        await using var server = await VigieServer.StartAsync([Path.Combine(Programs.Root, "examples/veza")], VigiePorts.Customary);
        await Wait.UntilAsync("targets are scraped", 30, async () => (await server.QueryAsync("count(up == 1) >= 4")).Count > 0, () => server.Process.Output);

        await using var health = await ChildProcess.RunAsync("bash", [Path.Combine(guides, "veza-setup/scripts/monitoring-health-check.sh")]);
        Assert.True(health.ExitCode == 0, health.Output);
        Assert.Contains("Prometheus est opérationnel", health.Output);
        Assert.Contains("Grafana est opérationnel", health.Output);
        Assert.Contains("AlertManager est opérationnel", health.Output);
        Assert.DoesNotContain("ERROR", health.Output);
        Assert.DoesNotContain("jq: error", health.Output);
        Assert.DoesNotContain("Nombre de targets actifs: 0", health.Output);
        Assert.DoesNotContain("Nombre de dashboards: 0", health.Output);

        await using var deploy = await ChildProcess.RunAsync("bash", [Path.Combine(guides, "veza-alerting/scripts/deploy_alerts.sh")],
            Path.Combine(guides, "veza-alerting/prometheus"));
        Assert.True(deploy.ExitCode == 0, deploy.Output);
        Assert.Contains("SUCCESS", deploy.Output);
        Assert.Contains("Alertes déployées", deploy.Output);
        Assert.DoesNotContain("jq: error", deploy.Output);
        Assert.NotNull(promtool);
    }
}
