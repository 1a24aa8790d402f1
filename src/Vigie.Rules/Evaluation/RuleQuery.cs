using Vigie.Model;
using Vigie.PromQL;

namespace Vigie.Rules;

/// <summary>Evaluates expressions of rules: a vector as it is, a scalar as one element without labels.</summary>
sealed class RuleQuery(QueryEngine engine, ISampleSource source, ParserOptions parser)
{
    /// <exception cref="QueryEvaluationException">The query fails, or gives something else.</exception>
    /// <param name="origin">Who asks, for the query log; null: nobody in particular.</param>
    public List<RuleSample> Run(Expression expression, long timeMs, CancellationToken cancellation, RuleQueryOrigin? origin = null)
    {
        var options = origin is null ? QueryOptions.Default : QueryOptions.Default with { Origin = origin };
        using var result = engine.Instant(source, expression, timeMs, options, cancellation);
        switch (result.Value)
        {
            case ScalarValue scalar:
                return [new RuleSample(Labels.Empty, scalar.Value)];
            case VectorValue vector:
                var samples = new List<RuleSample>(vector.Count);
                for (int i = 0; i < vector.Count; i++)
                {
                    var histogram = vector.HistogramOf(i);
                    samples.Add(new RuleSample(vector.LabelsOf(i), histogram is null ? vector.ValueOf(i) : 0, histogram));
                }
                return samples;
            default:
                throw new QueryEvaluationException("rule result is not a vector or scalar");
        }
    }

    /// <summary>The <c>query</c> function of templates.</summary>
    public IReadOnlyList<TemplateSample> RunForTemplate(string query, long timeMs, CancellationToken cancellation) =>
        Run(PromQLParser.Parse(query, parser), timeMs, cancellation).ConvertAll(s => new TemplateSample(s.Labels, s.Value));

    /// <summary>The samples of the series that match, for the restoration of alerts.</summary>
    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, CancellationToken cancellation) =>
        source.Select(matchers, range, default, cancellation);
}
