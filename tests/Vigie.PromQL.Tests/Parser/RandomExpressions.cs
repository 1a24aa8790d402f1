using System.Collections.Immutable;
using Vigie.Model;
using Vigie.Testing;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.PromQL.Tests.Parser;

/// <summary>
/// Makes random well-typed trees of all kinds of nodes, with parentheses where printing without them would mean something else.
/// </summary>
sealed class RandomExpressions(SeededRandom random)
{
    static readonly string[] s_names =
        ["up", "http_requests_total", "job:rate5m", "sum", "by", "start", "offset", "step", "fill", "on_call"];
    static readonly string[] s_labels = ["job", "le", "instance", "with.dots", "by", "ünï", "bool", "a b"];
    static readonly string[] s_texts = ["", "a", "x|y", ".+", "back\\slash", "quo\"te", "line\nbreak", "日本", "\t", "\udcff"];

    public Expression Next(int depth) => random.Pick(ValueType.Vector, ValueType.Vector, ValueType.Scalar, ValueType.Matrix) switch
    {
        ValueType.Scalar => Scalar(depth),
        ValueType.Matrix => Matrix(depth),
        _ => Vector(depth),
    };

    Expression Scalar(int depth) => (depth > 0 ? random.Next(6) : 0) switch
    {
        1 => new UnaryExpression(random.Chance(50), Operand(new Call(FunctionTable.Find("time")!, [], default)), default),
        2 => Binary(Scalar(depth - 1), Scalar(depth - 1)),
        3 => Call("scalar", Vector(depth - 1)),
        4 => new ParenthesizedExpression(Scalar(depth - 1), default),
        _ => Number(),
    };

    Expression Vector(int depth)
    {
        if (depth == 0) return Selector();
        switch (random.Next(10))
        {
            case 0: return Aggregate(depth);
            case 1: return new UnaryExpression(random.Chance(50), Operand(Vector(depth - 1)), default);
            case 2: return Binary(Vector(depth - 1), random.Chance(30) ? Scalar(depth - 1) : Vector(depth - 1));
            case 3: return Call("rate", Matrix(depth - 1));
            case 4: return Call("label_join", Vector(depth - 1), Text(), Text(), Text(), Text());
            case 5: return Call("clamp", Vector(depth - 1), Scalar(depth - 1), Scalar(depth - 1));
            case 6: return new ParenthesizedExpression(Vector(depth - 1), default);
            case 7: return Call("quantile_over_time", Scalar(depth - 1), Matrix(depth - 1));
            default: return Selector();
        }
    }

    Expression Matrix(int depth)
    {
        if (depth > 0 && random.Chance(40))
        {
            var stepMs = random.Chance(50) ? 0 : DurationMs();
            return new Subquery(Operand(Vector(depth - 1)), DurationMs(), null, stepMs, null, Time(), default);
        }
        var edges = random.Pick(RangeEdges.Plain, RangeEdges.Plain, RangeEdges.Anchored, RangeEdges.Smoothed);
        var computed = random.Chance(25) ? Duration(2) : null;
        return new MatrixSelector(Selector() with { Edges = edges }, computed is null ? DurationMs() : 0, computed, default);
    }

    VectorSelector Selector()
    {
        string name = random.Chance(80) ? random.Pick(s_names) : "";
        var matchers = ImmutableArray.CreateBuilder<LabelMatcher>();
        for (int i = random.Next(3); i > 0; i--)
        {
            var type = random.Pick(MatchType.Equal, MatchType.NotEqual, MatchType.Regex, MatchType.NotRegex);
            bool isRegex = type is MatchType.Regex or MatchType.NotRegex;
            matchers.Add(new LabelMatcher(type, random.Pick(s_labels), isRegex ? random.Pick("a.*", "x|y", "") : random.Pick(s_texts)));
        }
        if (name.Length == 0) matchers.Add(new LabelMatcher(MatchType.Equal, "never", "empty"));
        matchers.Sort((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));     // as they are printed
        if (name.Length > 0) matchers.Add(new LabelMatcher(MatchType.Equal, LabelNames.MetricName, name));
        return new VectorSelector(name, matchers.ToImmutable(), Time(), RangeEdges.Plain, default);
    }

    TimeModifiers Time()
    {
        long offsetMs = random.Chance(30) ? (random.Chance(50) ? 1 : -1) * DurationMs() : 0;
        return random.Next(10) switch
        {
            0 => new TimeModifiers(offsetMs, null, random.NextInt64(-1_000_000, 2_000_000_000_000)),
            1 => new TimeModifiers(offsetMs, null, null, random.Pick(AtBoundary.Start, AtBoundary.End)),
            _ => new TimeModifiers(offsetMs),
        };
    }

    long DurationMs() => random.Pick(1L, 999, 1000, 60_000, 90_061_001, 604_800_000, 31_536_000_000, random.NextInt64(1, 1L << 40));

    DurationExpression Duration(int depth) => random.Next(depth > 0 ? 5 : 2) switch
    {
        0 => new DurationOperation(DurationOperator.Step, null, null, false, default),
        1 => new DurationOperation(DurationOperator.Range, null, null, false, default),
        2 => new DurationOperation(DurationOperator.MaxOf, Duration(depth - 1), Duration(depth - 1), false, default),
        3 => new DurationOperation(DurationOperator.Add, new DurationNumber(random.Next(1, 500), random.Chance(50), default),
            new DurationOperation(DurationOperator.Multiply, Duration(0), new DurationNumber(random.Next(1, 9), false, default), true,
                default),
            false, default),
        _ => new DurationOperation(DurationOperator.Subtract, null, Duration(0), false, default),
    };

    Aggregation Aggregate(int depth)
    {
        var operation = (AggregationOperator)random.Next((int)AggregationOperator.LimitRatio + 1);
        Expression? parameter = !operation.TakesParameter() ? null
            : operation == AggregationOperator.CountValues ? new StringLiteral("label", default) : Scalar(depth - 1);
        var grouping = Labels();
        return new Aggregation(operation, Vector(depth - 1), parameter, grouping, random.Chance(30), default);
    }

    Expression Binary(Expression left, Expression right)
    {
        bool vectors = left.Type == ValueType.Vector && right.Type == ValueType.Vector;
        BinaryOperator operation;
        do operation = (BinaryOperator)random.Next((int)BinaryOperator.TrimLower + 1);
        while (operation.IsSetOperator() && !vectors);
        bool scalars = left.Type == ValueType.Scalar && right.Type == ValueType.Scalar;
        bool returnBool = operation.IsComparison() && (scalars || random.Chance(30));
        VectorMatching? matching = null;
        if (vectors)
        {
            var on = Labels();
            var cardinality = operation.IsSetOperator() ? MatchCardinality.ManyToMany
                : random.Pick(MatchCardinality.OneToOne, MatchCardinality.OneToOne, MatchCardinality.ManyToOne, MatchCardinality.OneToMany);
            bool grouped = cardinality is MatchCardinality.ManyToOne or MatchCardinality.OneToMany;
            double? fill = !operation.IsSetOperator() && random.Chance(10) ? random.Next(-5, 5) : null;
            matching = new VectorMatching(cardinality, on, random.Chance(50), grouped && random.Chance(50) ? ["extra"] : [], fill, fill);
        }
        return new BinaryExpression(operation, Operand(left), Operand(right), matching, returnBool, default);
    }

    ImmutableArray<string> Labels() => [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Pick(s_labels)).Distinct()];

    /// <summary>
    /// In parentheses, unless it binds more tightly than any operator. A signed number would take a sign or a power with it.
    /// </summary>
    static Expression Operand(Expression expression) => expression is BinaryExpression or UnaryExpression or NumberLiteral
        ? new ParenthesizedExpression(expression, default)
        : expression;

    static Call Call(string name, params ReadOnlySpan<Expression> arguments) => new(FunctionTable.Find(name)!, [.. arguments], default);

    NumberLiteral Number() => random.Chance(20)
        ? new NumberLiteral(DurationMs() / 1000d, true, default)
        : new NumberLiteral(random.Pick(0, 1, -1.5, 1e6, 1e-9, double.PositiveInfinity, random.NextDouble()), false, default);

    StringLiteral Text() => new(random.Pick(s_texts), default);
}
