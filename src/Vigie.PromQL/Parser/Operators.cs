using System.Collections.Immutable;

namespace Vigie.PromQL;

public enum BinaryOperator : byte
{
    Add, Subtract, Multiply, Divide, Modulo, Power, Atan2,
    Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
    And, Or, Unless,
    /// <summary><c>&lt;/</c>: keep the observations of a native histogram below a bound.</summary>
    TrimUpper,
    /// <summary><c>&gt;/</c>: keep the observations of a native histogram above a bound.</summary>
    TrimLower,
}

public enum AggregationOperator : byte
{
    Sum, Avg, Count, Min, Max, Group, StdDev, StdVar, TopK, BottomK, CountValues, Quantile, LimitK, LimitRatio,
}

public enum MatchCardinality : byte { OneToOne, ManyToOne, OneToMany, ManyToMany }

/// <summary>How a binary operator pairs the series of its two vectors.</summary>
/// <param name="Labels">Of <c>on</c> or <c>ignoring</c>.</param>
/// <param name="On">True for <c>on</c>; <c>ignoring</c>, or no clause, is false.</param>
/// <param name="Include">Labels that <c>group_left</c> or <c>group_right</c> copy from the "one" side.</param>
/// <param name="FillLeft">Value for a missing series of the left side (experimental <c>fill_left</c>, <c>fill</c>).</param>
/// <param name="FillRight">Value for a missing series of the right side.</param>
public sealed record VectorMatching(
    MatchCardinality Cardinality, ImmutableArray<string> Labels, bool On, ImmutableArray<string> Include,
    double? FillLeft = null, double? FillRight = null);

public static class OperatorText
{
    public static string Text(this BinaryOperator operation) => operation switch
    {
        BinaryOperator.Add => "+",
        BinaryOperator.Subtract => "-",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.Modulo => "%",
        BinaryOperator.Power => "^",
        BinaryOperator.Atan2 => "atan2",
        BinaryOperator.Equal => "==",
        BinaryOperator.NotEqual => "!=",
        BinaryOperator.Less => "<",
        BinaryOperator.LessOrEqual => "<=",
        BinaryOperator.Greater => ">",
        BinaryOperator.GreaterOrEqual => ">=",
        BinaryOperator.And => "and",
        BinaryOperator.Or => "or",
        BinaryOperator.Unless => "unless",
        BinaryOperator.TrimUpper => "</",
        _ => ">/",
    };

    public static bool IsComparison(this BinaryOperator operation) =>
        operation is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    public static bool IsSetOperator(this BinaryOperator operation) =>
        operation is BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Unless;

    public static string Text(this AggregationOperator operation) => operation switch
    {
        AggregationOperator.Sum => "sum",
        AggregationOperator.Avg => "avg",
        AggregationOperator.Count => "count",
        AggregationOperator.Min => "min",
        AggregationOperator.Max => "max",
        AggregationOperator.Group => "group",
        AggregationOperator.StdDev => "stddev",
        AggregationOperator.StdVar => "stdvar",
        AggregationOperator.TopK => "topk",
        AggregationOperator.BottomK => "bottomk",
        AggregationOperator.CountValues => "count_values",
        AggregationOperator.Quantile => "quantile",
        AggregationOperator.LimitK => "limitk",
        _ => "limit_ratio",
    };

    public static bool TakesParameter(this AggregationOperator operation) => operation >= AggregationOperator.TopK;

    public static bool IsExperimental(this AggregationOperator operation) => operation >= AggregationOperator.LimitK;

    /// <summary>The word for a type in JSON and in the function table: scalar, string, vector, matrix, none.</summary>
    public static string Text(this ValueType type) => type switch
    {
        ValueType.Scalar => "scalar",
        ValueType.String => "string",
        ValueType.Vector => "vector",
        ValueType.Matrix => "matrix",
        _ => "none",
    };

    /// <summary>The words for a type in messages to people.</summary>
    public static string Describe(this ValueType type) => type switch
    {
        ValueType.Vector => "instant vector",
        ValueType.Matrix => "range vector",
        _ => type.Text(),
    };

    public static string Text(this DurationOperator operation) => operation switch
    {
        DurationOperator.Add => "+",
        DurationOperator.Subtract => "-",
        DurationOperator.Multiply => "*",
        DurationOperator.Divide => "/",
        DurationOperator.Modulo => "%",
        DurationOperator.Power => "^",
        DurationOperator.MinOf => "min_of",
        DurationOperator.MaxOf => "max_of",
        DurationOperator.Step => "step",
        _ => "range",
    };

    public static string Text(this MatchCardinality cardinality) => cardinality switch
    {
        MatchCardinality.OneToOne => "one-to-one",
        MatchCardinality.ManyToOne => "many-to-one",
        MatchCardinality.OneToMany => "one-to-many",
        _ => "many-to-many",
    };
}
