using System.Collections.Immutable;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>What an expression evaluates to.</summary>
public enum ValueType : byte
{
    None,
    Scalar,
    String,
    /// <summary>Instant vector.</summary>
    Vector,
    /// <summary>Range vector.</summary>
    Matrix,
}

/// <summary>
/// A node of a parsed query. Immutable, so a tree may be shared between threads and rewritten with <c>with</c>. <see cref="ToString"/>
/// prints the canonical form, which parses to an equal tree.
/// </summary>
public abstract record Expression(SourceSpan Span)
{
    public abstract ValueType Type { get; }

    public sealed override string ToString() => ExpressionPrinter.Print(this);
}

/// <summary>A number, also one written as a duration (<c>1m</c> is 60).</summary>
public sealed record NumberLiteral(double Value, bool IsDuration, SourceSpan Span) : Expression(Span)
{
    public override ValueType Type => ValueType.Scalar;
}

public sealed record StringLiteral(string Value, SourceSpan Span) : Expression(Span)
{
    public override ValueType Type => ValueType.String;
}

public sealed record ParenthesizedExpression(Expression Inner, SourceSpan Span) : Expression(Span)
{
    public override ValueType Type { get; } = Inner.Type;
}

/// <param name="IsMinus">True for <c>-</c>, false for <c>+</c>.</param>
public sealed record UnaryExpression(bool IsMinus, Expression Operand, SourceSpan Span) : Expression(Span)
{
    public override ValueType Type { get; } = Operand.Type;
}

/// <summary>A function call whose arguments have been checked against <paramref name="Function"/>.</summary>
public sealed record Call(FunctionSignature Function, ImmutableArray<Expression> Arguments, SourceSpan Span) : Expression(Span)
{
    public override ValueType Type => Function.ReturnType;
}

/// <param name="Parameter">First argument of <c>topk</c>, <c>quantile</c>, <c>count_values</c> and the like; null for the others.</param>
/// <param name="Grouping">Label names of <c>by</c> or <c>without</c>.</param>
/// <param name="Without">True for <c>without</c>; <c>by</c>, or no clause, is false.</param>
public sealed record Aggregation(
    AggregationOperator Operator, Expression Operand, Expression? Parameter, ImmutableArray<string> Grouping, bool Without, SourceSpan Span)
    : Expression(Span)
{
    public override ValueType Type => ValueType.Vector;
}

/// <param name="Matching">How the series of two vectors are paired; null if a side is a scalar.</param>
/// <param name="ReturnBool">The <c>bool</c> modifier of comparisons.</param>
public sealed record BinaryExpression(
    BinaryOperator Operator, Expression Left, Expression Right, VectorMatching? Matching, bool ReturnBool, SourceSpan Span)
    : Expression(Span)
{
    public override ValueType Type { get; } =
        Left.Type == ValueType.Scalar && Right.Type == ValueType.Scalar ? ValueType.Scalar : ValueType.Vector;
}

/// <summary>Which end of the query an <c>@</c> modifier names.</summary>
public enum AtBoundary : byte { None, Start, End }

/// <summary>The modifiers that move a selector or a subquery in time.</summary>
/// <param name="OffsetMs">Milliseconds into the past; negative: into the future. Meaningless if <paramref name="OffsetExpression"/> is
/// set.</param>
/// <param name="OffsetExpression">A computed offset, to be resolved before evaluation (<see cref="DurationResolver"/>).</param>
/// <param name="TimestampMs"><c>@ 1234.5</c>, Unix milliseconds.</param>
/// <param name="Boundary"><c>@ start()</c> or <c>@ end()</c>; excludes <paramref name="TimestampMs"/>.</param>
public sealed record TimeModifiers(long OffsetMs = 0, DurationExpression? OffsetExpression = null, long? TimestampMs = null,
    AtBoundary Boundary = AtBoundary.None)
{
    public static TimeModifiers None { get; } = new();

    public bool HasAt => TimestampMs is not null || Boundary != AtBoundary.None;
}

/// <summary>How samples at the edges of a range are found (experimental <c>anchored</c> and <c>smoothed</c>).</summary>
public enum RangeEdges : byte { Plain, Anchored, Smoothed }

/// <param name="Name">The metric name written before the braces, "" if there is none. It is also the last of <paramref
/// name="Matchers"/>.</param>
public sealed record VectorSelector(
    string Name, ImmutableArray<LabelMatcher> Matchers, TimeModifiers Time, RangeEdges Edges, SourceSpan Span) : Expression(Span)
{
    public override ValueType Type => ValueType.Vector;
}

/// <summary><c>selector[range]</c>; the offset and @ written after the range stand in the selector.</summary>
/// <param name="RangeMs">Milliseconds; meaningless if <paramref name="RangeExpression"/> is set.</param>
public sealed record MatrixSelector(VectorSelector Selector, long RangeMs, DurationExpression? RangeExpression, SourceSpan Span)
    : Expression(Span)
{
    public override ValueType Type => ValueType.Matrix;
}

/// <summary><c>expression[range:step]</c>.</summary>
/// <param name="StepMs">Milliseconds; 0: the default step of the engine. Meaningless if <paramref name="StepExpression"/> is set.</param>
public sealed record Subquery(
    Expression Operand, long RangeMs, DurationExpression? RangeExpression, long StepMs, DurationExpression? StepExpression,
    TimeModifiers Time, SourceSpan Span) : Expression(Span)
{
    public override ValueType Type => ValueType.Matrix;
}
