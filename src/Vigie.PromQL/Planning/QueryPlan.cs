namespace Vigie.PromQL;

/// <summary>A query made ready for evaluation at given times: durations computed, <c>@ start()</c> and <c>@ end()</c> resolved.</summary>
/// <param name="StartMs">First evaluation time of the query (not of a subquery).</param>
/// <param name="EndMs">End of the query as asked for.</param>
/// <param name="StepMs">0 for an instant query.</param>
sealed record QueryPlan(Expression Expression, long StartMs, long EndMs, long StepMs, long LookbackMs)
{
    /// <summary>Selectors whose histograms are read for count and sum only.</summary>
    public HashSet<VectorSelector> StatisticsSelectors { get; } = HistogramStatistics.Find(Expression);

    /// <summary>Expressions to be evaluated once.</summary>
    public CommonSubexpressions Common => _common ??= CommonSubexpressions.Find(Expression, StatisticsSelectors);

    CommonSubexpressions? _common;

    /// <exception cref="QueryEvaluationException">A computed duration is not valid.</exception>
    public static QueryPlan Make(Expression expression, long startMs, long endMs, long stepMs, long lookbackMs)
    {
        var resolved = DurationResolver.Resolve(expression, stepMs, endMs - startMs);
        return new QueryPlan(ResolveBoundaries(resolved, startMs, endMs), startMs, endMs, stepMs, lookbackMs);
    }

    static Expression ResolveBoundaries(Expression node, long startMs, long endMs) => node switch
    {
        VectorSelector selector => selector.Time.Boundary == AtBoundary.None
            ? selector
            : selector with { Time = Resolve(selector.Time, startMs, endMs) },
        Subquery subquery => subquery with
        {
            Operand = ResolveBoundaries(subquery.Operand, startMs, endMs),
            Time = Resolve(subquery.Time, startMs, endMs),
        },
        _ => ExpressionTree.MapChildren(node, child => ResolveBoundaries(child, startMs, endMs)),
    };

    static TimeModifiers Resolve(TimeModifiers time, long startMs, long endMs) => time.Boundary switch
    {
        AtBoundary.Start => time with { Boundary = AtBoundary.None, TimestampMs = startMs },
        AtBoundary.End => time with { Boundary = AtBoundary.None, TimestampMs = endMs },
        _ => time,
    };
}
