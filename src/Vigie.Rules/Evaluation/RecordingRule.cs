using System.Globalization;
using Vigie.Configuration.Rules;
using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>Stores the result of an expression under a name of its own.</summary>
sealed class RecordingRule(Rule rule, ParserOptions parser) : EvaluatedRule(rule, parser)
{
    /// <summary>Not as a label set: an empty value removes a label of the element.</summary>
    readonly KeyValuePair<string, string>[] _labels = [.. rule.Labels];

    public override List<RuleSample> Evaluate(in RuleEvaluation evaluation, CancellationToken cancellation)
    {
        var samples = evaluation.Query.Run(Expression, evaluation.DataTimeMs, cancellation, evaluation.Origin);
        if (evaluation.Limit > 0 && samples.Count > evaluation.Limit)
        {
            throw new RuleException(string.Create(CultureInfo.InvariantCulture,
                $"exceeded limit of {evaluation.Limit} with {samples.Count} series"));
        }
        var builder = new LabelsBuilder();
        var seen = new HashSet<Labels>(samples.Count);
        for (int i = 0; i < samples.Count; i++)
        {
            builder.Reset(samples[i].Labels).Set(LabelNames.MetricName, Name);
            foreach (var (label, value) in _labels) builder.Set(label, value);
            samples[i] = samples[i] with { Labels = builder.Build() };
            if (!seen.Add(samples[i].Labels))
                throw new RuleException("vector contains metrics with the same labelset after applying rule labels");
        }
        return samples;
    }

    public override RuleSnapshot Snapshot() =>
        new RecordingRuleSnapshot(Name, QueryText, ConfiguredLabels, Health, LastError, LastEvaluation, EvaluationTime);
}
