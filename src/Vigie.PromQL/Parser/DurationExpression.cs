namespace Vigie.PromQL;

public enum DurationOperator : byte { Add, Subtract, Multiply, Divide, Modulo, Power, MinOf, MaxOf, Step, Range }

/// <summary>A computed duration in brackets or after <c>offset</c> (experimental): <c>[2 * step()]</c>. Values are seconds.</summary>
public abstract record DurationExpression(SourceSpan Span)
{
    /// <summary>The value in seconds, once step and range (end − start) of the query are known.</summary>
    /// <exception cref="QueryEvaluationException">Division or modulo by zero.</exception>
    public double Evaluate(long stepMs, long rangeMs) => this switch
    {
        DurationNumber number => number.Seconds,
        DurationOperation { Operator: DurationOperator.Step } => stepMs / 1000d,
        DurationOperation { Operator: DurationOperator.Range } => rangeMs / 1000d,
        DurationOperation { Left: null } sign => sign.Operator == DurationOperator.Subtract
            ? -sign.Right!.Evaluate(stepMs, rangeMs)
            : sign.Right!.Evaluate(stepMs, rangeMs),
        DurationOperation both => both.Apply(both.Left!.Evaluate(stepMs, rangeMs), both.Right!.Evaluate(stepMs, rangeMs)),
        _ => throw new InvalidOperationException("BUG: a duration expression of unknown kind"),
    };
}

/// <param name="IsDuration">Written with a unit (<c>5m</c>) rather than as a bare number of seconds.</param>
public sealed record DurationNumber(double Seconds, bool IsDuration, SourceSpan Span) : DurationExpression(Span);

/// <param name="Left">Null for a sign and for <c>step()</c> and <c>range()</c>.</param>
/// <param name="Right">Null for <c>step()</c> and <c>range()</c>.</param>
/// <param name="Wrapped">Written in parentheses.</param>
public sealed record DurationOperation(
    DurationOperator Operator, DurationExpression? Left, DurationExpression? Right, bool Wrapped, SourceSpan Span)
        : DurationExpression(Span)
{
    internal double Apply(double left, double right) => Operator switch
    {
        DurationOperator.Add => left + right,
        DurationOperator.Subtract => left - right,
        DurationOperator.Multiply => left * right,
        DurationOperator.Divide => right == 0 ? throw new QueryEvaluationException("division by zero") : left / right,
        DurationOperator.Modulo => right == 0 ? throw new QueryEvaluationException("modulo by zero") : left % right,
        DurationOperator.Power => Math.Pow(left, right),
        DurationOperator.MinOf => Math.Min(left, right),
        _ => Math.Max(left, right),
    };
}
