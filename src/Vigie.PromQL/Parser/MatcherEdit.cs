using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Sets or removes a label matcher in every selector of an expression, as <c>promtool promql label-matchers</c> does (Prometheus,
/// cmd/promtool). A metric name written before the braces counts as a matcher of <c>__name__</c>.
/// </summary>
public static class MatcherEdit
{
    /// <summary>Each matcher of the label is replaced; a selector without one gets it.</summary>
    public static Expression Set(Expression expression, LabelMatcher matcher) => Rewrite(expression, selector => Set(selector, matcher));

    /// <summary>Removes each matcher of the label. A selector may be left with none, which a query may not have.</summary>
    public static Expression Delete(Expression expression, string label) =>
        Rewrite(expression, selector => WithoutNameOf(selector, label) with
        {
            Matchers = selector.Matchers.RemoveAll(matcher => matcher.Name == label),
        });

    static VectorSelector Set(VectorSelector selector, LabelMatcher matcher)
    {
        var matchers = selector.Matchers;
        bool isThere = matchers.Any(other => other.Name == matcher.Name);
        matchers = isThere ? [.. matchers.Select(other => other.Name == matcher.Name ? matcher : other)] : matchers.Add(matcher);
        bool standsBefore = selector.Name.Length > 0 && matcher.Type == MatchType.Equal && Labels.IsLegacyMetricName(matcher.Value);
        var named = WithoutNameOf(selector, matcher.Name);
        return named with
        {
            Matchers = matchers,
            Name = standsBefore && matcher.Name == LabelNames.MetricName ? matcher.Value : named.Name,
        };
    }

    static VectorSelector WithoutNameOf(VectorSelector selector, string label) =>
        label == LabelNames.MetricName ? selector with { Name = "" } : selector;

    static Expression Rewrite(Expression node, Func<VectorSelector, VectorSelector> edit) => node is VectorSelector selector
        ? edit(selector)
        : ExpressionTree.MapChildren(node, child => Rewrite(child, edit));
}
