using System.Globalization;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.RuleTests;

/// <summary>Reads rule unit test files.</summary>
public static class RuleTestFileLoader
{
    static SectionSchema Series { get; } = new("input series", [Text("series"), Text("values")]);
    static SectionSchema Alert { get; } = new("expected alert", [Map("exp_labels"), Map("exp_annotations")]);

    static SectionSchema AlertTest { get; } = new("alert test",
    [
        Duration("eval_time"), Text("alertname"), Subs("exp_alerts", Alert),
    ]);

    static SectionSchema Sample { get; } = new("expected sample", [Text("labels"), Number("value"), Text("histogram")]);

    static SectionSchema QueryTest { get; } = new("query test", [Text("expr"), Duration("eval_time"), Subs("exp_samples", Sample)]);

    static SectionSchema Test { get; } = new("test",
    [
        Text("name"), Duration("interval"), Text("start_timestamp"), Subs("input_series", Series), Subs("alert_rule_test", AlertTest),
        Subs("promql_expr_test", QueryTest), Map("external_labels"), Text("external_url"),
    ]);

    static SectionSchema Top { get; } = new("rule test file",
    [
        Paths("rule_files"), Duration("evaluation_interval"), Texts("group_eval_order"), Bool("fuzzy_compare"), Subs("tests", Test),
    ]);

    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static RuleTestFile? Load(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var top = reader.Read(node, Top, "");
        var file = new RuleTestFile
        {
            Path = fileName,
            RuleFiles = top.Texts("rule_files"),
            EvaluationInterval = OrMinute(top.Duration("evaluation_interval")),
            GroupOrder = top.Texts("group_eval_order"),
            FuzzyCompare = top.Bool("fuzzy_compare"),
            Tests = [.. top.Subs("tests").Select(t => BuildTest(t, reader))],
        };
        return problems.ErrorCount > errorsBefore ? null : file;
    }

    static TimeSpan OrMinute(TimeSpan span) => span == TimeSpan.Zero ? TimeSpan.FromMinutes(1) : span;

    static RuleTest BuildTest(Section test, SectionReader reader) => new()
    {
        Position = test.Node.Position,
        Name = test.Text("name"),
        Interval = OrMinute(test.Duration("interval")),
        Start = ReadStart(test, reader),
        InputSeries = [.. test.Subs("input_series").Select(s => new RuleTestSeries(s.Node.Position, s.Text("series"), s.Text("values")))],
        Alerts = [.. test.Subs("alert_rule_test").Select(a => BuildAlertTest(a, reader))],
        Queries = [.. test.Subs("promql_expr_test").Select(BuildQueryTest)],
        ExternalLabels = test.Map("external_labels"),
        ExternalUrl = test.Text("external_url"),
    };

    /// <summary>Unix seconds or RFC 3339.</summary>
    static DateTimeOffset ReadStart(Section test, SectionReader reader)
    {
        string text = test.Text("start_timestamp");
        if (text.Length == 0) return DateTimeOffset.UnixEpoch;
        if (GoNumber.TryParse(text, out double seconds) && Math.Abs(seconds) < 2e11) return DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Utc, out var moment)) return moment;
        reader.Error(test, "start_timestamp", $"found {GoText.Quote(text)}, expected Unix seconds or a time such as 2026-01-02T15:04:05Z");
        return DateTimeOffset.UnixEpoch;
    }

    static AlertExpectation BuildAlertTest(Section test, SectionReader reader)
    {
        if (test.Text("alertname").Length == 0)
            reader.Error(test, "alertname", "an item under alert_rule_test misses required attribute alertname");
        return new AlertExpectation(test.Node.Position, test.Duration("eval_time"), test.Text("alertname"),
            [.. test.Subs("exp_alerts").Select(a => new ExpectedAlert(a.Map("exp_labels"), a.Map("exp_annotations")))]);
    }

    static QueryExpectation BuildQueryTest(Section test) => new(test.Node.Position, test.Text("expr"), test.Duration("eval_time"),
        [.. test.Subs("exp_samples").Select(s => new ExpectedSample(
            s.Node.Position, s.Text("labels"), (double)(s["value"] ?? 0d),
            s.Text("histogram") is { Length: > 0 } histogram ? histogram : null))]);
}
