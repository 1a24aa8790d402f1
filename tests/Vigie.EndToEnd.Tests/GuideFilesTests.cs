using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>The users' own files, unmodified: they start the server, and `vigie check` says what it thinks of them.</summary>
public class GuideFilesTests
{
    [Theory]
    [InlineData("veza-setup")]
    [InlineData("veza-alerting")]
    [InlineData("veza-metrics")]
    [InlineData("veza-observability")]
    public async Task Folder_IsServedAsItIs(string guide)
    {
        string folder = Path.Combine(Programs.RequireGuides(), guide);
        await using var server = await VigieServer.StartAsync([folder]);
        var rules = await server.GetAsync(server.Prometheus + "/api/v1/rules");
        Assert.NotEmpty(rules["data"]!["groups"]!.AsArray());
        var targets = await server.GetAsync(server.Prometheus + "/api/v1/targets");
        Assert.NotNull(targets["data"]!["activeTargets"]);
        if (Directory.Exists(Path.Combine(folder, "grafana")))
            Assert.NotEmpty((await server.GetAsync(server.Web + "/api/search")).AsArray());
    }

    [Fact]
    public async Task AlertmanagerFileWithSubjectAndBody_IsAcceptedWithAWarningThatNamesTheRightKeys()
    {
        string file = Path.Combine(Programs.RequireGuides(), "veza-alerting/alertmanager/alertmanager.yml");
        await using var check = await Programs.RunVigieAsync("check", "alertmanager", file);
        Assert.True(check.ExitCode == 0, check.Output);
        Assert.Contains("alertmanager.yml:41", check.Output);
        Assert.Contains("headers", check.Output);
        Assert.Contains("Subject", check.Output);
        Assert.Contains("html", check.Output);
    }

    [Fact]
    public async Task EveryFile_PassesCheck()
    {
        string guides = Programs.RequireGuides();
        foreach (string file in Directory.EnumerateFiles(guides, "prometheus.yml", SearchOption.AllDirectories))
            await AssertPassesAsync("config", file);
        foreach (string file in Directory.EnumerateFiles(guides, "alertmanager.yml", SearchOption.AllDirectories))
            await AssertPassesAsync("alertmanager", file);
        foreach (string file in Directory.EnumerateFiles(guides, "*alert*.yml", SearchOption.AllDirectories).Where(file => file.Contains("/prometheus/")))
            await AssertPassesAsync("rules", file);
    }

    static async Task AssertPassesAsync(string what, string file)
    {
        await using var check = await Programs.RunVigieAsync("check", what, file);
        Assert.True(check.ExitCode == 0, $"{file}:\n{check.Output}");
    }
}
