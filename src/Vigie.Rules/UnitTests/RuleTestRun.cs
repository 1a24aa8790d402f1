using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration;
using Vigie.Configuration.Rules;
using Vigie.Configuration.RuleTests;
using Vigie.Model;
using Vigie.PromQL;
using Vigie.PromQL.Testing;

namespace Vigie.Rules.UnitTests;

/// <summary>One run of one test. Used once.</summary>
sealed class RuleTestRun : IDisposable
{
    readonly RulesMetrics _metrics = new(static () => []);
    readonly RuleTestFile _file;
    readonly RuleTest _test;
    readonly ParserOptions _parser;
    readonly MemorySampleStore _store = new();
    readonly QueryEngine _engine;
    readonly List<RuleTestFailure> _failures = [];
    readonly List<EvaluatedGroup> _groups;
    readonly List<(SeriesDescription Series, int Next)> _input = [];
    readonly long _startMs;
    readonly long _intervalMs;

    public RuleTestRun(RuleTestFile file, RuleTest test, IReadOnlyList<RuleFile> ruleFiles, ParserOptions parser)
    {
        _file = file;
        _test = test;
        _parser = parser;
        _startMs = test.Start.ToUnixTimeMilliseconds();
        _intervalMs = (long)file.EvaluationInterval.TotalMilliseconds;
        _engine = new QueryEngine(new EngineOptions { SubqueryStepMs = _intervalMs }, TimeProvider.System);
        var settings = new RuleSettings
        {
            EvaluationInterval = file.EvaluationInterval,
            ExternalLabels = Labels.From(test.ExternalLabels),
            ExternalUrl = test.ExternalUrl,
        };
        var environment = new RuleEnvironment(new RuleQuery(_engine, _store, parser), _store, new NoAlerts(), TimeProvider.System,
            NullLogger.Instance, _metrics, new RuleServiceOptions { Parser = parser, RestoreState = false });
        _groups = [.. ruleFiles.SelectMany(f => f.Groups.Select(g => new EvaluatedGroup(f.Path, g, settings, environment, restored: true)))
            .OrderBy(g => Math.Max(0, file.GroupOrder.ToList().IndexOf(g.Name)))];
    }

    public IReadOnlyList<RuleTestFailure> Failures => _failures;

    public void Dispose() => _metrics.Dispose();

    public async Task RunAsync(CancellationToken cancellation)
    {
        ReadInput();
        long lastMs = _test.Alerts.Select(a => a.EvalTime).Concat(_test.Queries.Select(q => q.EvalTime)).DefaultIfEmpty().Max() is var last
            ? (long)last.TotalMilliseconds
            : 0;
        for (long sinceStartMs = 0; sinceStartMs <= lastMs; sinceStartMs += _intervalMs)
        {
            cancellation.ThrowIfCancellationRequested();
            AddSamplesUntil(sinceStartMs);
            foreach (var group in _groups) await EvaluateAsync(group, sinceStartMs, cancellation);
            foreach (var expected in _test.Alerts)
            {
                double atMs = expected.EvalTime.TotalMilliseconds;
                if (atMs >= sinceStartMs && atMs < sinceStartMs + _intervalMs) CheckAlerts(expected);
            }
        }
        foreach (var expected in _test.Queries) CheckQuery(expected, cancellation);
    }

    void ReadInput()
    {
        foreach (var series in _test.InputSeries)
        {
            try
            {
                _input.Add((SeriesNotation.Parse(series.Series + " " + series.Values), 0));
            }
            catch (PromQLParseException problem)
            {
                Fail(series.Position, problem.Message);
            }
        }
        if (_failures.Count > 0) throw new RuleTestStoppedException();
    }

    void AddSamplesUntil(long sinceStartMs)
    {
        long stepMs = (long)_test.Interval.TotalMilliseconds;
        for (int i = 0; i < _input.Count; i++)
        {
            var (series, next) = _input[i];
            for (; next < series.Values.Length && next * stepMs <= sinceStartMs; next++)
            {
                var value = series.Values[next];
                if (value.IsOmitted) continue;
                if (value.Histogram is { } histogram) _store.Add(series.Labels, _startMs + next * stepMs, histogram);
                else _store.Add(series.Labels, _startMs + next * stepMs, value.Value);
            }
            _input[i] = (series, next);
        }
    }

    async Task EvaluateAsync(EvaluatedGroup group, long sinceStartMs, CancellationToken cancellation)
    {
        await group.EvaluateAsync(_startMs + sinceStartMs, cancellation);
        int before = _failures.Count;
        for (int i = 0; i < group.Rules.Count; i++)
        {
            if (group.Rules[i].Health != RuleHealth.Bad) continue;
            Fail(group.Group.Rules[i].Position,
                $"rule: {group.Rules[i].Name}, time: {GoDuration.Format(sinceStartMs)}, err: {group.Rules[i].LastError}");
        }
        if (_failures.Count > before) throw new RuleTestStoppedException();
    }

    void CheckAlerts(AlertExpectation expected)
    {
        var found = _groups.SelectMany(g => g.Rules).OfType<AlertingRule>().Where(r => r.Name == expected.AlertName)
            .SelectMany(r => ((AlertingRuleSnapshot)r.Snapshot()).Alerts).Where(a => a.State == AlertState.Firing)
            .Select(a => Describe(a.Labels, a.Annotations)).Order(StringComparer.Ordinal).ToList();
        var wanted = expected.Alerts.Select(a =>
            Describe(Labels.From(a.Labels).With(LabelNames.AlertName, expected.AlertName), Labels.From(a.Annotations)))
            .Order(StringComparer.Ordinal).ToList();
        if (found.SequenceEqual(wanted)) return;
        Fail(expected.Position, $"alertname: {expected.AlertName}, time: {GoDuration.Format(expected.EvalTime)},"
            + $"\n  expected: {List(wanted)}\n  found: {List(found)}");

        static string Describe(Labels labels, Labels annotations) => $"labels {labels} annotations {annotations}";
    }

    static string List(List<string> items) => items.Count == 0 ? "nothing" : string.Join("\n            ", items);

    void CheckQuery(QueryExpectation expected, CancellationToken cancellation)
    {
        string where = $"expr: {GoText.Quote(expected.Expression)}, time: {GoDuration.Format(expected.EvalTime)},";
        try
        {
            var wanted = ReadSamples(expected);
            var expression = PromQLParser.Parse(expected.Expression, _parser);
            var found = new RuleQuery(_engine, _store, _parser)
                .Run(expression, _startMs + (long)expected.EvalTime.TotalMilliseconds, cancellation);
            found.Sort((a, b) => a.Labels.CompareTo(b.Labels));
            wanted.Sort((a, b) => a.Labels.CompareTo(b.Labels));
            bool same = found.Count == wanted.Count;
            for (int i = 0; same && i < found.Count; i++) same = SampleComparison.AreSame(found[i], wanted[i], _file.FuzzyCompare);
            if (same) return;
            Fail(expected.Position, $"{where}\n  expected: {List(wanted.ConvertAll(SampleComparison.Print))}"
                + $"\n  found: {List(found.ConvertAll(SampleComparison.Print))}");
        }
        catch (Exception problem) when (problem is PromQLParseException or QueryEvaluationException)
        {
            Fail(expected.Position, $"{where} err: {problem.Message}");
        }
    }

    static List<RuleSample> ReadSamples(QueryExpectation expected)
    {
        var samples = new List<RuleSample>();
        foreach (var sample in expected.Samples)
        {
            var labels = sample.Labels.Length == 0 ? Labels.Empty : PromQLParser.ParseMetric(sample.Labels);
            if (sample.Histogram is not { } notation) samples.Add(new RuleSample(labels, sample.Value));
            else if (SeriesNotation.ParseValues(notation) is [{ Histogram: { } histogram }])
                samples.Add(new RuleSample(labels, 0, histogram));
            else throw new QueryEvaluationException($"found {GoText.Quote(notation)}, expected one histogram");
        }
        return samples;
    }

    void Fail(SourcePosition position, string problem) => _failures.Add(new RuleTestFailure(position, _test.Name, problem));
}
