using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Vigie.EndToEnd.Tests.Harness;

namespace Vigie.EndToEnd.Tests;

/// <summary>Limits on series, from vigie.yml to the answers of the API.</summary>
public class SeriesLimitTests
{
    static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    [Fact]
    public async Task JobWithTooManySeries_IsNamedEverywhereAndCostsOthersNothing()
    {
        using var page = new PageServer(string.Concat(Enumerable.Range(0, 50).Select(static i => $"wide{{i=\"{i}\"}} 1\n")) + "narrow 1\n");
        using var configuration = new ConfigurationFolder()
            .With("vigie.yml", "limits: {series_per_metric: 20, exceptions: [{metric: pushed, max: 3}]}\n")
            .With("prometheus.yml", $$$"""
                global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                scrape_configs: [{job_name: app, static_configs: [{targets: ['127.0.0.1:{{{page.Port}}}']}]}]
                """);
        await using var server = await VigieServer.StartAsync([configuration.Path]);
        await Wait.UntilAsync("the page is scraped", 30, async () => (await server.QueryAsync("narrow")).Count == 1, () => server.Process.Output);
        Assert.Equal("20", Assert.Single(await server.QueryAsync("count(wide)")).Value);
        Assert.Equal("1", Assert.Single(await server.QueryAsync("up{job='app'}")).Value);

        string answer = await PushAsync(server, points: 5);
        Assert.Contains("metric \\\"pushed\\\" has reached its limit of 3 series (vigie.yml: limits.series_per_metric)", answer);
        Assert.Equal("3", Assert.Single(await server.QueryAsync("count(pushed)")).Value);

        var report = (await server.GetAsync(server.Prometheus + "/api/vigie/v1/cardinality?limit=3"))["data"]!;
        Assert.Equal(("wide", 20, 20), Named(report["metrics"]![0]!));
        Assert.Equal("app", (string)report["targets"]![0]!["job"]!);
        var refused = report["refused"]!.AsArray().ToDictionary(static one => (string)one!["culprit"]!, static one => (int)one!["series"]!);
        Assert.Equal(new Dictionary<string, int> { ["wide"] = 30, ["pushed"] = 2 }, refused);
        Assert.Contains("vigie_tsdb_series_refused_total{culprit=\"wide\",limit=\"metric\"}", await Http.GetStringAsync(server.Prometheus + "/metrics"));
        Assert.Contains("metric \\\"wide\\\" has reached its limit of 20 series", server.Process.Output);

        configuration.With("vigie.yml", "limits: {series_per_metric: 40}\n");
        using (var reload = await Http.PostAsync(server.Prometheus + "/-/reload", null)) Assert.Equal(HttpStatusCode.OK, reload.StatusCode);
        Assert.DoesNotContain("reached its limit", await PushAsync(server, points: 5));
    }

    static (string, int, int) Named(JsonNode count) => ((string)count["name"]!, (int)count["series"]!, (int)count["limit"]!);

    static async Task<string> PushAsync(VigieServer server, int points)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        string list = string.Join(',', Enumerable.Range(0, points).Select(i =>
            $$$$"""{"asInt":"1","timeUnixNano":"{{{{now}}}}000000","attributes":[{"key":"i","value":{"intValue":"{{{{i}}}}"}}]}"""));
        using var content = new StringContent(
            $$$$"""{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"pushed","gauge":{"dataPoints":[{{{{list}}}}]}}]}]}]}""", Encoding.UTF8, "application/json");
        using var response = await Http.PostAsync(server.Otlp + "/v1/metrics", content);
        return await response.Content.ReadAsStringAsync();
    }
}
