using Vigie.Configuration;
using Vigie.PromQL;
using Vigie.Rules.UnitTests;

namespace Vigie.Rules.Tests.UnitTests;

public sealed class RuleTestRunnerTests
{
    const string Rules = """
        groups:
          - name: g
            interval: 5m
            rules:
              - record: job:up:sum
                expr: sum by (job) (up)
              - alert: Down
                expr: up == 0
                for: 2m
                labels: {severity: page}
                annotations: {summary: "{{ $labels.instance }} of {{ $externalLabels.region }}"}
        """;

    const string Tests = """
        rule_files: [rules.yml]
        evaluation_interval: 1m
        tests:
          - name: both
            interval: 1m
            external_labels: {region: eu}
            input_series:
              - {series: 'up{job="a",instance="x"}', values: '1 0x5'}
              - {series: 'up{job="a",instance="y"}', values: '1x6'}
            alert_rule_test:
              - {eval_time: 2m, alertname: Down, exp_alerts: []}
              - eval_time: 3m30s
                alertname: Down
                exp_alerts:
                  - exp_labels: {severity: page, job: a, instance: x}
                    exp_annotations: {summary: x of eu}
            promql_expr_test:
              - expr: job:up:sum
                eval_time: 1m
                exp_samples: [{labels: 'job:up:sum{job="a"}', value: 1}]
        """;

    sealed class Files(string tests) : IConfigFiles
    {
        public string? ReadText(string path) => path switch { "tests.yml" => tests, "rules.yml" => Rules, _ => null };
        public byte[]? ReadBytes(string path) => null;
        public IReadOnlyList<string> List(string folder) => ["rules.yml", "tests.yml"];
    }

    static async Task<(RuleTestReport? Report, ConfigProblems Problems)> RunAsync(string tests)
    {
        var problems = new ConfigProblems();
        var report = await RuleTestRunner.RunAsync("tests.yml", new Files(tests), ParserOptions.Default, problems, CancellationToken.None);
        return (report, problems);
    }

    [Fact]
    public async Task Run_OfRightTests_HasNoFailures()
    {
        var (report, problems) = await RunAsync(Tests);
        Assert.Equal("", problems.ToString());
        Assert.Equal((1, ""), (report!.Tests, string.Join('\n', report.Failures)));
    }

    [Theory]
    [InlineData("eval_time: 2m, alertname", "eval_time: 3m, alertname", "tests.yml:11:9: test \"both\": alertname: Down, time: 3m,")]
    [InlineData("summary: x of eu", "summary: x of us", "tests.yml:12:9: test \"both\": alertname: Down, time: 3m30s,")]
    [InlineData("value: 1}", "value: 2}", "tests.yml:18:9: test \"both\": expr: \"job:up:sum\", time: 1m,")]
    [InlineData("expr: job:up:sum", "expr: job:up:sum{", "unexpected end of input inside braces")]
    [InlineData("'1 0x5'", "'1 0x'", "tests.yml:8:9: test \"both\": 1:30: parse error: ")]
    public async Task Run_OfWrongTests_NamesPlaceAndDifference(string right, string wrong, string failure)
    {
        Assert.Contains(right, Tests, StringComparison.Ordinal);
        var (report, _) = await RunAsync(Tests.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Contains(failure, Assert.Single(report!.Failures).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eval_time: 2m", "eval_time: 2 minutes", "eval_time")]
    [InlineData("alertname: Down, exp_alerts: []", "exp_alerts: []", "misses required attribute alertname")]
    [InlineData("exp_samples", "expected_samples", "unknown key \"expected_samples\"")]
    [InlineData("tests:", "starts:", "unknown key \"starts\"")]
    public async Task Run_OfAFileThatCannotBeRead_ReportsItsProblems(string right, string wrong, string problem)
    {
        var (report, problems) = await RunAsync(Tests.Replace(right, wrong, StringComparison.Ordinal));
        Assert.Null(report);
        Assert.Contains(problem, problems.ToString(), StringComparison.Ordinal);
    }
}
