using Vigie.Model;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Configuration.Vigie.Tests;

public sealed class VigieConfigLoaderTests
{
    [Fact]
    public void Load_AllKeys()
    {
        var config = VigieConfigLoader.Load("etc/vigie.yml", """
            listen: {prometheus: ':9090', alertmanager: 127.0.0.1:9093, web: off}
            storage: {path: data, retention: {time: 30d, size: 10GB}}
            web: {auth: off, external_url: https://vigie.example}
            """, new ConfigProblems(), Selectors)!;
        Assert.Equal((":9090", "127.0.0.1:9093", ListenConfig.Off, null),
            (config.Listen.Prometheus, config.Listen.Alertmanager, config.Listen.Web, config.Listen.Node));
        Assert.Equal(("etc/data", TimeSpan.FromDays(30), 10L << 30), (config.StoragePath, config.RetentionTime, config.RetentionSizeBytes));
        Assert.Equal((false, "https://vigie.example"), (config.WebAuth, config.ExternalUrl));
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("listen:\nstorage:\n")]
    public void Load_Nothing_IsAllDefaults(string text) =>
        Assert.Equal(new VigieConfig(), VigieConfigLoader.Load("vigie.yml", text, new ConfigProblems(), Selectors));

    [Fact]
    public void Load_WrongAddress_SaysWhatIsExpected()
    {
        var problems = new ConfigProblems();
        Assert.Null(VigieConfigLoader.Load("vigie.yml", "listen: {web: nowhere}", problems, Selectors));
        Assert.Equal("vigie.yml:1:15: listen.web: found \"nowhere\", expected host:port, :port or off", problems.ToString());
    }

    [Fact]
    public void Load_RetentionRulesAndDownsampling()
    {
        var config = VigieConfigLoader.Load("vigie.yml", """
            storage:
              retention:
                time: 15d
                rules:
                  - {match: 'job=debug', time: 3d}
              downsampling:
                - {resolution: 1h, after: 10d, keep: 2y}
                - {resolution: 5m, after: 2d, match: 'job=api'}
            """, new ConfigProblems(), Selectors)!;
        var rule = Assert.Single(config.RetentionRules);
        Assert.Equal(("job=\"debug\"", TimeSpan.FromDays(3)), (rule.Matchers.Single().ToString(), rule.Time));
        Assert.Equal([TimeSpan.FromMinutes(5), TimeSpan.FromHours(1)], config.Downsampling.Select(static d => d.Resolution));
        Assert.Equal((null, "job=\"api\""), (config.Downsampling[0].Keep, config.Downsampling[0].Matchers.Single().ToString()));
        Assert.Equal((TimeSpan.FromDays(10), TimeSpan.FromDays(730)), (config.Downsampling[1].After, config.Downsampling[1].Keep!.Value));
        Assert.Empty(config.Downsampling[1].Matchers);
    }

    [Theory]
    [InlineData("retention: {rules: [{time: 3d}]}", "vigie.yml:1:31: storage.retention.rules[0].match: found nothing, expected a selector such as {job=\"debug\"}")]
    [InlineData("retention: {rules: [{match: 'a=b'}]}", "vigie.yml:1:31: storage.retention.rules[0].time: found no duration above 0, expected one such as 30d")]
    [InlineData("retention: {rules: [{match: bad, time: 3d}]}", "vigie.yml:1:39: storage.retention.rules[0].match: no selector")]
    [InlineData("downsampling: [{resolution: 5s, after: 2d}]",
        "vigie.yml:1:39: storage.downsampling[0].resolution: found 5s, expected whole seconds, at least 1m")]
    [InlineData("downsampling: [{resolution: 5m, after: 2d, keep: 1d}]",
        "vigie.yml:1:60: storage.downsampling[0].keep: found 1d, expected more than after (2d)")]
    [InlineData("{retention: {time: 15d}, downsampling: [{resolution: 5m, after: 20d}]}", "vigie.yml:1:74: storage.downsampling[0].after: "
        + "found 20d, expected less than retention.time (15d): the samples are gone by then")]
    [InlineData("downsampling: [{resolution: 5m, after: 2d}, {resolution: 5m, after: 3d}]",
        "vigie.yml:1:68: storage.downsampling[1].resolution: found 5m, expected one rule per resolution (found twice)")]
    public void Load_StorageMistakes_AreNamed(string storage, string expected)
    {
        var problems = new ConfigProblems();
        Assert.Null(VigieConfigLoader.Load("vigie.yml", storage[0] == '{' ? $"storage: {storage}" : $"storage: {{{storage}}}", problems, Selectors));
        Assert.Equal(expected, problems.ToString());
    }

    [Fact]
    public void Load_Limits()
    {
        var limits = VigieConfigLoader.Load("vigie.yml", """
            limits:
              series: 0
              series_per_job: 5
              exceptions: [{job: big, max: 100}, {label: trace_id, max: 0}]
            """, new ConfigProblems(), Selectors)!.Limits;
        Assert.Equal((0L, 5L, null, null), (limits.Series, limits.SeriesPerJob, limits.SeriesPerMetric, limits.ValuesPerLabel));
        Assert.Equal([new("job", "big", 100), new("label", "trace_id", 0)], limits.Exceptions);
    }

    [Theory]
    [InlineData("{series: -1}", "vigie.yml:1:18: limits.series: found \"-1\", expected")]
    [InlineData("{exceptions: [{max: 1}]}", "limits.exceptions[0].job: found 0 of job, metric and label, expected one")]
    [InlineData("{exceptions: [{job: a, metric: b, max: 1}]}", "limits.exceptions[0].job: found 2 of job, metric and label, expected one")]
    [InlineData("{exceptions: [{job: a}]}", "limits.exceptions[0].max: found nothing, expected a number (0 for no limit)")]
    [InlineData("{exceptions: [{job: a, max: 1}, {job: a, max: 2}]}", "limits.exceptions[1].job: found \"a\" twice, expected one limit for it")]
    public void Load_LimitMistakes_AreNamed(string limits, string expected)
    {
        var problems = new ConfigProblems();
        Assert.Null(VigieConfigLoader.Load("vigie.yml", "limits: " + limits, problems, Selectors));
        Assert.Contains(expected, problems.ToString());
    }

    /// <summary>Selectors of one equal matcher, without quotes: the real parser is not this project's.</summary>
    internal static string? Selectors(string text, out IReadOnlyList<LabelMatcher> matchers)
    {
        string[] parts = text.Split('=');
        matchers = parts.Length == 2 ? [new LabelMatcher(MatchType.Equal, parts[0], parts[1])] : [];
        return matchers.Count == 1 ? null : "no selector";
    }
}
