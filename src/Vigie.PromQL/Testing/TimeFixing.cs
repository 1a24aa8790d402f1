namespace Vigie.PromQL.Testing;

/// <summary>Rewrites an expression so that its value does not depend on the time it is evaluated at: all selectors get <c>@</c>.</summary>
static class TimeFixing
{
    /// <summary>False if a function in it looks at the time of evaluation itself.</summary>
    public static bool IsPossible(Expression expression)
    {
        foreach (var node in ExpressionTree.SelfAndDescendants(expression))
        {
            if (node is Call
                {
                    Function.Name: "days_in_month" or "day_of_month" or "day_of_week" or "day_of_year" or "end" or "hour" or "minute"
                        or "month" or "year" or "predict_linear" or "range" or "start" or "step" or "time" or "timestamp",
                }) return false;
        }
        return true;
    }

    /// <summary>What has an <c>@</c> keeps it; inside a subquery, which has one then, nothing is changed.</summary>
    public static Expression Fix(Expression node, long timeMs) => node switch
    {
        VectorSelector selector => selector with { Time = Fix(selector.Time, timeMs) },
        Subquery subquery => subquery with { Time = Fix(subquery.Time, timeMs) },
        _ => ExpressionTree.MapChildren(node, child => Fix(child, timeMs)),
    };

    static TimeModifiers Fix(TimeModifiers time, long timeMs) =>
        time.TimestampMs is null ? time with { TimestampMs = timeMs, Boundary = AtBoundary.None } : time;
}
