using System.Globalization;
using Vigie.Model;

namespace Vigie.PromQL;

enum TokenKind : byte
{
    EndOfInput, Identifier, MetricIdentifier, Number, Duration, String,
    Equal, Colon, Comma, LeftBrace, LeftBracket, LeftParen, RightBrace, RightBracket, RightParen,

    // Binary operators, in the order of BinaryOperator.
    Add, Subtract, Multiply, Divide, Modulo, Power, Atan2,
    EqualEqual, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual, And, Or, Unless, TrimUpper, TrimLower,
    // Other operators.
    EqualRegex, NotEqualRegex, At,

    // Aggregations, in the order of AggregationOperator.
    Sum, Avg, Count, Min, Max, Group, StdDev, StdVar, TopK, BottomK, CountValues, Quantile, LimitK, LimitRatio,

    // Keywords.
    Bool, By, GroupLeft, GroupRight, Ignoring, Offset, Smoothed, Anchored, On, Without, Fill, FillLeft, FillRight,

    // Words that are functions in some places and names in others.
    Start, End, Step, Range, MinOf, MaxOf,
}

/// <param name="Text">The source text, quotes included.</param>
readonly record struct Token(TokenKind Kind, int Position, string Text)
{
    public SourceSpan Span => new(Position, Position + Text.Length);

    public bool IsBinaryOperator => Kind is >= TokenKind.Add and <= TokenKind.TrimLower;
    public bool IsAggregation => Kind is >= TokenKind.Sum and <= TokenKind.LimitRatio;

    public BinaryOperator BinaryOperator => (BinaryOperator)(Kind - TokenKind.Add);
    public AggregationOperator AggregationOperator => (AggregationOperator)(Kind - TokenKind.Sum);

    /// <summary>Words that may stand where a metric name does.</summary>
    public bool CanNameMetric => IsAggregation || Kind is TokenKind.Identifier or TokenKind.MetricIdentifier or TokenKind.By
        or TokenKind.And or TokenKind.Or or TokenKind.Unless or TokenKind.Offset or TokenKind.Without or TokenKind.Smoothed
        or TokenKind.Anchored or TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight || Kind >= TokenKind.Start;

    /// <summary>Words that may stand where a label name does.</summary>
    public bool CanNameLabel =>
        (CanNameMetric && Kind != TokenKind.Without) || Kind is TokenKind.Bool or TokenKind.GroupLeft or TokenKind.GroupRight
        or TokenKind.Ignoring or TokenKind.On or TokenKind.Atan2;

    /// <summary>How messages name the token.</summary>
    public string Describe() => Kind switch
    {
        TokenKind.EndOfInput => "end of input",
        TokenKind.Identifier => "identifier " + GoText.Quote(Text),
        TokenKind.MetricIdentifier => "metric identifier " + GoText.Quote(Text),
        TokenKind.Number => "number " + Shortened,
        TokenKind.Duration => "duration " + Shortened,
        TokenKind.String => "string " + Shortened,
        >= TokenKind.Add and <= TokenKind.At => $"<op:{Text}>",
        >= TokenKind.Sum and <= TokenKind.LimitRatio => $"<aggr:{Text}>",
        >= TokenKind.Bool and <= TokenKind.FillRight => $"<{Text}>",
        _ => Shortened,
    };

    string Shortened
    {
        get
        {
            var text = new StringInfo(Text);
            return Text.Length > 10 && text.LengthInTextElements > 10
                ? GoText.Quote(text.SubstringByTextElements(0, 10)) + "..."
                : GoText.Quote(Text);
        }
    }
}
