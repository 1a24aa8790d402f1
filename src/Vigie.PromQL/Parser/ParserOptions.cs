namespace Vigie.PromQL;

/// <summary>Parts of the language that are off by default, as in Prometheus (its feature flags).</summary>
public sealed record ParserOptions
{
    public static ParserOptions Default { get; } = new();

    public static ParserOptions AllExperimental { get; } = new()
    {
        ExperimentalFunctions = true,
        DurationExpressions = true,
        ExtendedRangeSelectors = true,
        FillModifiers = true,
    };

    /// <summary><c>promql-experimental-functions</c>: also the aggregations limitk and limit_ratio.</summary>
    public bool ExperimentalFunctions { get; init; }

    /// <summary><c>promql-duration-expr</c>: arithmetic where durations stand.</summary>
    public bool DurationExpressions { get; init; }

    /// <summary><c>promql-extended-range-selectors</c>: <c>anchored</c> and <c>smoothed</c>.</summary>
    public bool ExtendedRangeSelectors { get; init; }

    /// <summary><c>promql-binop-fill-modifiers</c>: <c>fill</c>, <c>fill_left</c>, <c>fill_right</c>.</summary>
    public bool FillModifiers { get; init; }
}
