using Vigie.Configuration.Tests;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus.Tests;

public sealed class PrometheusConfigLoaderTests
{
    [Fact]
    public void Load_ManyMistakes_ReportsAllWithPositions()
    {
        var problems = Refuse("""
            global:
              scrape_intervall: 5s
              evaluation_interval: fast
            scrape_configs:
            - job_name: a
              scheme: ftp
              sample_limit: many
              static_configs:
              - targets: [http://x]
            - job_name: a
              relabel_configs:
              - action: explode
                regex: "("
            """);
        Assert.Equal(
        [
            "c/p.yml:2:3: global.scrape_intervall: found the unknown key \"scrape_intervall\", expected a key of global (did you mean scrape_interval?)",
            "c/p.yml:3:24: global.evaluation_interval: found \"fast\", expected a duration such as 30s or 1h30m: not a valid duration string: \"fast\"",
            "c/p.yml:6:11: scrape_configs[0].scheme: found \"ftp\", expected one of http, https",
            "c/p.yml:7:17: scrape_configs[0].sample_limit: found \"many\", expected a whole number from 0 up",
            "c/p.yml:12:13: scrape_configs[1].relabel_configs[0].action: unknown relabel action \"explode\"",
            "c/p.yml:13:12: scrape_configs[1].relabel_configs[0].regex: error parsing regexp: missing closing ): `(`",
            "c/p.yml:9:14: scrape_configs[0].static_configs[0].targets: \"http://x\" is not a valid hostname",
            "c/p.yml:10:13: scrape_configs[1].job_name: found multiple scrape configs with job name \"a\"",
        ], problems.Errors.Select(static p => p.ToString()));
    }

    [Fact]
    public void Load_Job_TakesOverFromGlobal()
    {
        var job = Load("""
            global: {scrape_interval: 15s, scrape_timeout: 12s, sample_limit: 7, body_size_limit: 1MB}
            scrape_configs:
            - job_name: a
              scrape_interval: 5s
              basic_auth: {username: u, password_file: secret}
              file_sd_configs: [{files: [t/*.json]}]
            """).ScrapeConfigs.Single();
        Assert.Equal(TimeSpan.FromSeconds(5), job.ScrapeTimeout);
        Assert.Equal(7, job.Limits.SamplesMax);
        Assert.Equal(1 << 20, job.Limits.BodyBytesMax);
        Assert.Equal("c/secret", job.Http.BasicAuth!.PasswordFile);
        Assert.Equal(["c/t/*.json"], Assert.IsType<FileDiscoveryConfig>(job.Discoveries.Single()).Files);
    }

    [Fact]
    public void Load_BearerTokenFile_BecomesAuthorization()
    {
        var job = Load("scrape_configs: [{job_name: a, bearer_token_file: /run/token}]").ScrapeConfigs.Single();
        Assert.Equal(("Bearer", "/run/token"), (job.Http.Authorization!.Type, job.Http.Authorization.CredentialsFile));
    }

    [Fact]
    public void Load_CommandInFile_IsKeptAndWarnedAbout()
    {
        var problems = new ConfigProblems();
        var config = PrometheusConfigLoader.Load("p.yml", "command:\n  - '--storage.tsdb.retention.time=15d'\n", new MemoryFiles(),
            problems)!;
        Assert.Equal(["--storage.tsdb.retention.time=15d"], config.Command);
        Assert.Equal(2, Assert.Single(problems.Warnings).Position.Line);
    }

    [Fact]
    public void EffectiveYaml_HidesSecrets()
    {
        var config = Load("scrape_configs: [{job_name: a, basic_auth: {username: u, password: hunter2}, authorization: null}]");
        Assert.DoesNotContain("hunter2", config.EffectiveYaml, StringComparison.Ordinal);
        Assert.Contains("password: <secret>", config.EffectiveYaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ScrapeConfigFiles_AreRead()
    {
        var files = new MemoryFiles(("c/jobs/a.yml", "scrape_configs: [{job_name: a}]"),
            ("c/jobs/b.yml", "scrape_configs: [{job_name: b, bogus: 1}]"));
        var problems = new ConfigProblems();
        Assert.Null(PrometheusConfigLoader.Load("c/p.yml", "scrape_config_files: [jobs/*.yml]", files, problems));
        Assert.StartsWith("c/jobs/b.yml:1:32: scrape_configs[0].bogus", Assert.Single(problems.Errors).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ExternalLabels_PutInTheEnvironment()
    {
        var options = new PrometheusLoadOptions { Environment = static name => name == "ZONE" ? "eu" : null };
        var config = PrometheusConfigLoader.Load("p.yml", "global: {external_labels: {zone: '${ZONE}-1', price: '$$5'}}",
            new MemoryFiles(), new(), options)!;
        Assert.Equal(Labels.Of(("zone", "eu-1"), ("price", "$5")), config.Global.ExternalLabels);
    }

    static PrometheusConfig Load(string text)
    {
        var problems = new ConfigProblems();
        return PrometheusConfigLoader.Load("c/p.yml", text, new MemoryFiles(), problems) ?? throw new ConfigException(problems);
    }

    static ConfigProblems Refuse(string text)
    {
        var problems = new ConfigProblems();
        Assert.Null(PrometheusConfigLoader.Load("c/p.yml", text, new MemoryFiles(), problems));
        return problems;
    }
}
