using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>A rule with the state of its evaluations. Evaluated by one thread at a time; snapshots may be taken by any.</summary>
abstract class EvaluatedRule(Rule rule, ParserOptions parser)
{
    volatile Outcome _last = new(RuleHealth.Unknown, "", null, TimeSpan.Zero);

    sealed record Outcome(RuleHealth Health, string Error, DateTimeOffset? At, TimeSpan Duration);

    public string Name { get; } = rule.Name;
    public Expression Expression { get; } = PromQLParser.Parse(rule.Expression, parser);
    public Labels ConfiguredLabels { get; } = Labels.From(rule.Labels);
    public string QueryText => field ??= Expression.ToString();

    /// <summary>Rules of a group before and after a reload that continue each other have the same.</summary>
    public string Identity => field ??= $"{(rule.IsAlerting ? "alert" : "record")} {Name} {ConfiguredLabels}";

    /// <summary>The series of the last evaluation; those that vanish are ended with a staleness marker.</summary>
    public Dictionary<Labels, SeriesRef> SeriesOfLastEvaluation { get; set; } = [];

    public RuleHealth Health => _last.Health;
    public string LastError => _last.Error;
    public DateTimeOffset? LastEvaluation => _last.At;
    public TimeSpan EvaluationTime => _last.Duration;

    /// <summary>What is to be stored at <see cref="RuleEvaluation.DataTimeMs"/>.</summary>
    /// <exception cref="QueryEvaluationException">The evaluation failed.</exception>
    public abstract List<RuleSample> Evaluate(in RuleEvaluation evaluation, CancellationToken cancellation);

    public abstract RuleSnapshot Snapshot();

    /// <param name="error">Null if it went well.</param>
    public void Finish(string? error, DateTimeOffset at, TimeSpan duration) =>
        _last = new Outcome(error is null ? RuleHealth.Good : RuleHealth.Bad, error ?? "", at, duration);

    /// <summary>Takes over the state of the same rule before a reload.</summary>
    public virtual void ContinueFrom(EvaluatedRule before)
    {
        SeriesOfLastEvaluation = before.SeriesOfLastEvaluation;
        _last = before._last;
    }

}
