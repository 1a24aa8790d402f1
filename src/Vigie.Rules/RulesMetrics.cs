using System.Diagnostics.Metrics;

namespace Vigie.Rules;

/// <summary>What rule evaluation says about itself, under Prometheus' names. The label <c>rule_group</c> is <c>file;group</c>.</summary>
sealed class RulesMetrics : IDisposable
{
    public const string MeterName = "Vigie.Rules";
    const string GroupLabel = "rule_group";

    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _evaluations;
    readonly Counter<long> _failures;
    readonly Counter<long> _iterations;
    readonly Counter<long> _missed;
    readonly Histogram<double> _evaluationDurations;
    readonly Histogram<double> _groupDurations;

    /// <param name="groups">The groups of this moment.</param>
    public RulesMetrics(Func<IReadOnlyCollection<EvaluatedGroup>> groups)
    {
        _evaluations = _meter.CreateCounter<long>("prometheus_rule_evaluations_total", null, "The total number of rule evaluations.");
        _failures = _meter.CreateCounter<long>("prometheus_rule_evaluation_failures_total", null,
            "The total number of rule evaluation failures.");
        _iterations = _meter.CreateCounter<long>(
            "prometheus_rule_group_iterations_total", null,
            "The total number of scheduled rule group evaluations, whether executed or missed.");
        _missed = _meter.CreateCounter<long>("prometheus_rule_group_iterations_missed_total", null,
            "The total number of rule group evaluations missed due to slow rule group evaluation.");
        _evaluationDurations = _meter.CreateHistogram<double>(
            "prometheus_rule_evaluation_duration_seconds", "s", "The duration for a rule to execute.");
        _groupDurations = _meter.CreateHistogram<double>("prometheus_rule_group_duration_seconds", "s",
            "The duration of rule group evaluations.");
        Gauge("prometheus_rule_group_interval_seconds", "The interval of a rule group.", g => g.Interval.TotalSeconds);
        Gauge("prometheus_rule_group_rules", "The number of rules.", g => g.Rules.Count);
        Gauge("prometheus_rule_group_last_duration_seconds", "The duration of the last rule group evaluation.",
            g => g.EvaluationTime.TotalSeconds);
        Gauge("prometheus_rule_group_last_rule_duration_sum_seconds",
            "The sum of time in seconds it took to evaluate each rule in the group regardless of concurrency.",
            g => g.RuleDurations.TotalSeconds);
        Gauge("prometheus_rule_group_last_evaluation_samples", "The number of samples returned during the last rule group evaluation.",
            g => g.LastSamples);
        Gauge("prometheus_rule_group_last_evaluation_timestamp_seconds",
            "The timestamp of the last rule group evaluation in seconds.", g => g.LastEvaluation?.ToUnixTimeMilliseconds() / 1000d ?? 0);

        void Gauge(string name, string help, Func<EvaluatedGroup, double> value) =>
            _meter.CreateObservableGauge(name, () => groups().Select(g => new Measurement<double>(value(g), Of(g.Key))), null, help);
    }

    public void RuleEvaluated(string group, TimeSpan duration, bool failed)
    {
        _evaluations.Add(1, Of(group));
        _failures.Add(failed ? 1 : 0, Of(group));
        _evaluationDurations.Record(duration.TotalSeconds);
    }

    public void GroupEvaluated(string group, TimeSpan duration)
    {
        _iterations.Add(1, Of(group));
        _missed.Add(0, Of(group));
        _groupDurations.Record(duration.TotalSeconds);
    }

    public void Missed(string group, long count)
    {
        _iterations.Add(count, Of(group));
        _missed.Add(count, Of(group));
    }

    public void Dispose() => _meter.Dispose();

    static KeyValuePair<string, object?> Of(string group) => new(GroupLabel, group);
}
