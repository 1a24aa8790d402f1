using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Replaces computed durations by their values, which depend on step and range of the query (Prometheus, promql/durations.go).
/// </summary>
public static class DurationResolver
{
    /// <summary>The expression without any <see cref="DurationExpression"/>; the same object if it had none.</summary>
    /// <param name="stepMs">Step of the query, 0 for an instant query.</param>
    /// <param name="rangeMs">End minus start of the query.</param>
    /// <exception cref="QueryEvaluationException">A duration divides by zero, is out of range, or is not positive where it must
    /// be.</exception>
    public static Expression Resolve(Expression expression, long stepMs, long rangeMs) => expression switch
    {
        VectorSelector selector => Resolve(selector, stepMs, rangeMs),
        MatrixSelector matrix => Resolve(matrix, stepMs, rangeMs),
        Subquery subquery => Resolve(subquery, stepMs, rangeMs),
        _ => ExpressionTree.MapChildren(expression, child => Resolve(child, stepMs, rangeMs)),
    };

    static VectorSelector Resolve(VectorSelector selector, long stepMs, long rangeMs) =>
        selector.Time.OffsetExpression is null ? selector : selector with { Time = Resolve(selector.Time, stepMs, rangeMs) };

    static MatrixSelector Resolve(MatrixSelector matrix, long stepMs, long rangeMs) => matrix with
    {
        Selector = Resolve(matrix.Selector, stepMs, rangeMs),
        RangeMs = matrix.RangeExpression is { } range ? ToMs(range, stepMs, rangeMs, mayBeNegative: false) : matrix.RangeMs,
        RangeExpression = null,
    };

    static Subquery Resolve(Subquery subquery, long stepMs, long rangeMs) => subquery with
    {
        Operand = Resolve(subquery.Operand, stepMs, rangeMs),
        Time = Resolve(subquery.Time, stepMs, rangeMs),
        StepMs = subquery.StepExpression is { } step ? ToMs(step, stepMs, rangeMs, mayBeNegative: false) : subquery.StepMs,
        StepExpression = null,
        RangeMs = subquery.RangeExpression is { } range ? ToMs(range, stepMs, rangeMs, mayBeNegative: false) : subquery.RangeMs,
        RangeExpression = null,
    };

    static TimeModifiers Resolve(TimeModifiers time, long stepMs, long rangeMs) => time.OffsetExpression is not { } offset
        ? time
        : time with { OffsetMs = ToMs(offset, stepMs, rangeMs, mayBeNegative: true), OffsetExpression = null };

    static long ToMs(DurationExpression duration, long stepMs, long rangeMs, bool mayBeNegative)
    {
        double seconds = duration.Evaluate(stepMs, rangeMs);
        if (seconds <= 0 && !mayBeNegative) throw new QueryEvaluationException("duration must be greater than 0");
        if (!(Math.Abs(seconds) <= GoDuration.SecondsMax)) throw new QueryEvaluationException("duration is out of range");
        return (long)(seconds * 1000);
    }
}
