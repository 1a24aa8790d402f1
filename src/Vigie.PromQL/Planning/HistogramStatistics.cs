using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Finds selectors of whose histograms only count and sum are asked for. Prometheus reads those without their buckets, and since resets could
/// then not be detected later, detects them while reading (HistogramStatsIterator). The buckets stay here, but the detected resets show in remarks
/// about colliding hints, so they are detected here as well.
/// </summary>
static class HistogramStatistics
{
    public static HashSet<VectorSelector> Find(Expression expression)
    {
        var found = new HashSet<VectorSelector>(ReferenceEqualityComparer.Instance);
        Walk(expression, asked: false, found);
        return found;
    }

    /// <param name="asked">True below histogram_count and its like.</param>
    static void Walk(Expression node, bool asked, HashSet<VectorSelector> found)
    {
        if (node is VectorSelector selector && asked) found.Add(selector);
        if (NeedsBuckets(node)) return;
        asked |= node is Call { Function.Name: "histogram_count" or "histogram_sum" or "histogram_avg" };
        foreach (var child in ExpressionTree.ChildrenOf(node)) Walk(child, asked, found);
    }

    static bool NeedsBuckets(Expression node) => node is Subquery
        or BinaryExpression { Operator: BinaryOperator.TrimUpper or BinaryOperator.TrimLower }
        or Call { Function.Name: "histogram_quantile" or "histogram_quantiles" or "histogram_fraction" or "histogram_stddev" or "histogram_stdvar" };

    /// <summary>Sets the hints of a series' histograms by comparing each with the one before, where they say nothing themselves.</summary>
    public static void DetectResets(SampleColumns columns)
    {
        if (!columns.HasHistograms) return;
        FloatHistogram? previous = null;
        foreach (ref var histogram in columns.MutableHistograms)
        {
            if (histogram is null || StaleMarker.IsStale(histogram.Sum)) continue;
            var original = histogram;
            if (previous is not null && histogram.CounterResetHint == CounterResetHint.Unknown)
                histogram = histogram.WithHint(
                    histogram.IsResetAfter(previous) ? CounterResetHint.CounterReset : CounterResetHint.NotCounterReset);
            previous = original;
        }
    }
}
