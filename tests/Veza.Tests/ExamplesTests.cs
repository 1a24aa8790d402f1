using System.Diagnostics;
using System.Text.Json;
using Vigie.Testing;

namespace Veza.Tests;

/// <summary>The example configuration is what Prometheus, Alertmanager and Grafana read.</summary>
public sealed class ExamplesTests
{
    static readonly string s_folder = Path.Combine(RepositoryRoot(), "examples", "veza");

    public static TheoryData<string> Dashboards =>
        [.. Directory.GetFiles(Path.Combine(s_folder, "grafana", "dashboards"), "*.json").Select(file => Path.GetFileName(file))];

    [Fact]
    public async Task PrometheusConfig_PassesPromtool() =>
        await Check("promtool", "check", "config", Path.Combine(s_folder, "prometheus", "prometheus.yml"));

    [Fact]
    public async Task AlertmanagerConfig_PassesAmtool() =>
        await Check("amtool", "check-config", Path.Combine(s_folder, "alertmanager", "alertmanager.yml"));

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboard_IsWellMade(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(s_folder, "grafana", "dashboards", file)));
        var panels = json.RootElement.GetProperty("panels").EnumerateArray().ToList();
        Assert.Equal(panels.Count, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        var cells = new HashSet<(int, int)>();
        foreach (var panel in panels)
        {
            var title = panel.GetProperty("title").GetString()!;
            Assert.Contains(panel.GetProperty("type").GetString(), new[] { "timeseries", "stat", "gauge", "table" });
            Assert.NotEmpty(panel.GetProperty("fieldConfig").GetProperty("defaults").EnumerateObject());
            Assert.All(panel.GetProperty("targets").EnumerateArray(), target => Assert.NotEqual("", target.GetProperty("expr").GetString()));
            var at = panel.GetProperty("gridPos");
            int Of(string name) => at.GetProperty(name).GetInt32();
            Assert.True(Of("x") + Of("w") <= 24, title + " leaves the grid");
            for (var x = Of("x"); x < Of("x") + Of("w"); x++)
            {
                for (var y = Of("y"); y < Of("y") + Of("h"); y++) Assert.True(cells.Add((x, y)), title + " overlaps another panel");
            }
        }
    }

    [Fact]
    public void Alerts_HaveSummaryDescriptionAndRunbook()
    {
        var runbooks = File.ReadAllLines(Path.Combine(s_folder, "runbooks.md"))
            .Where(line => line.StartsWith("## ")).Select(line => line[3..].ToLowerInvariant()).ToHashSet();
        foreach (var file in Directory.GetFiles(Path.Combine(s_folder, "prometheus", "rules"), "*.yml"))
        {
            foreach (var alert in File.ReadAllText(file).Split("- alert: ").Skip(1))
            {
                var name = alert.Split('\n')[0];
                foreach (var field in new[] { "severity:", "team:", "summary:", "description:", "runbook_url:" })
                    Assert.True(alert.Contains(field), $"{file}: {name} has no {field}");
                var section = alert.Split("runbook_url: \"")[1].Split('"')[0].Split('/')[^1];
                Assert.True(runbooks.Contains(section), $"{file}: {name}: runbooks.md has no section {section}");
            }
        }
    }

    static async Task Check(string tool, params string[] args)
    {
        string? program = PeerPrograms.OnPath(tool);
        Assert.SkipWhen(program is null, tool + " is not on PATH");
        using var process = Process.Start(new ProcessStartInfo(program!, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output + await errors);
    }

    static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Vigie.slnx"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
