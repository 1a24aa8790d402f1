namespace Vigie.PromQL;

/// <summary>Finds expressions that have the same value at every step, which are evaluated once.</summary>
static class StepInvariance
{
    /// <summary>Functions whose value depends on the evaluation time even if their arguments do not.</summary>
    static bool DependsOnTime(string function) => function is
        "days_in_month" or "day_of_month" or "day_of_week" or "day_of_year" or "end" or "hour" or "minute" or "month" or "predict_linear"
        or "range" or "start" or "step" or "time" or "timestamp" or "year";

    /// <summary>True if the expression is the same at every step and costs more than its literals.</summary>
    public static bool IsWorthwhile(Expression expression) =>
        expression is Call or Aggregation or BinaryExpression or UnaryExpression or VectorSelector && Holds(expression);

    public static bool Holds(Expression expression) => expression switch
    {
        NumberLiteral or StringLiteral => true,
        VectorSelector selector => selector.Time.HasAt,
        MatrixSelector matrix => matrix.Selector.Time.HasAt,
        Subquery subquery => subquery.Time.HasAt,
        ParenthesizedExpression wrapped => Holds(wrapped.Inner),
        UnaryExpression unary => Holds(unary.Operand),
        BinaryExpression binary => Holds(binary.Left) && Holds(binary.Right),
        Aggregation aggregation => Holds(aggregation.Operand) && (aggregation.Parameter is null || Holds(aggregation.Parameter)),
        Call call => !DependsOnTime(call.Function.Name) && AllHold(call),
        _ => false,
    };

    static bool AllHold(Call call)
    {
        foreach (var argument in call.Arguments)
            if (!Holds(argument)) return false;
        return true;
    }
}
