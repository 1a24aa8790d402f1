using System.Collections.Immutable;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Parses by descent, one token ahead. The messages follow Prometheus' grammar (promql/parser/generatedParser.y): what is unexpected, in
/// which construct, and what was expected; only the first problem is reported. One instance parses one text.
/// </summary>
sealed partial class ExpressionParser(string text, ParserOptions options)
{
    readonly Lexer _lexer = new(text);
    Token _ahead;
    bool _hasAhead;
    /// <summary>End of the last token taken.</summary>
    int _end;
    int _depth;
    /// <summary>The construct whose grammar rule reports an unexpected token, and what it expects.</summary>
    (string Name, string Expected) _construct = ("", "");

    public Expression ParseWhole()
    {
        if (Peek().Kind == TokenKind.EndOfInput) throw ErrorAt(default, "no expression found in input");
        var expression = ParseBinary(Precedence.Lowest);
        ExpectEnd();
        return expression;
    }

    public VectorSelector ParseWholeSelector()
    {
        var first = Peek();
        if (!first.CanNameMetric && first.Kind != TokenKind.LeftBrace) throw Unexpected();
        var selector = ParseVectorSelector();
        ExpectEnd();
        return selector;
    }

    public Labels ParseWholeMetric()
    {
        var labels = ParseMetric();
        ExpectEnd();
        return labels;
    }

    void ExpectEnd()
    {
        if (Peek().Kind != TokenKind.EndOfInput) throw Unexpected();
    }

    // ---- Operators ----

    /// <summary>All nesting goes through here.</summary>
    Expression ParseBinary(int precedenceMin)
    {
        Enter();
        var left = ParseUnary();
        while (true)
        {
            var token = Peek();
            if (!token.IsBinaryOperator || Precedence.Of(token.BinaryOperator) < precedenceMin)
            {
                _depth--;
                return left;
            }
            int precedence = Precedence.Of(token.BinaryOperator);
            Take();
            var modifiers = ParseBinaryModifiers();
            var right = ParseBinary(token.Kind == TokenKind.Power ? precedence : precedence + 1);
            left = MakeBinary(token.BinaryOperator, left, right, modifiers);
        }
    }

    Expression MakeBinary(BinaryOperator operation, Expression left, Expression right, BinaryModifiers modifiers)
    {
        var span = left.Span.To(right.Span);
        var matching = modifiers.Matching;
        bool fills = matching.FillLeft is not null || matching.FillRight is not null;
        if (fills && !options.FillModifiers) throw ErrorAt(span, "binop fill modifiers are experimental and not enabled");

        bool vectors = left.Type == ValueType.Vector && right.Type == ValueType.Vector;
        if (operation.IsSetOperator() && matching.Cardinality == MatchCardinality.OneToOne)
            matching = matching with { Cardinality = MatchCardinality.ManyToMany };
        // With a scalar there is nothing to match; what was written about it is kept for the type check to refuse.
        bool keep = vectors || fills || matching.Labels.Length > 0;
        return new BinaryExpression(operation, left, right, keep ? matching : null, modifiers.ReturnBool, span);
    }

    Expression ParseUnary()
    {
        var token = Peek();
        if (token.Kind is not (TokenKind.Add or TokenKind.Subtract)) return ParsePostfix(ParsePrimary());
        Take();
        bool isMinus = token.Kind == TokenKind.Subtract;
        var operand = ParseBinary(Precedence.Power);
        var span = token.Span.To(operand.Span);
        return operand is NumberLiteral number
            ? number with { Value = isMinus ? -number.Value : number.Value, Span = span }
            : new UnaryExpression(isMinus, operand, span);
    }

    // ---- Primaries ----

    Expression ParsePrimary()
    {
        var token = Peek();
        switch (token.Kind)
        {
            case TokenKind.Number:
                return new NumberLiteral(ParseNumber(Take()), false, token.Span);
            case TokenKind.Duration:
                return new NumberLiteral(ParseDuration(Take()), true, token.Span);
            case TokenKind.String:
                return new StringLiteral(GoText.Unquote(Take().Text), token.Span);
            case TokenKind.LeftParen:
                return ParseParenthesized();
            case TokenKind.LeftBrace:
                return ParseVectorSelector();
        }
        if (!token.CanNameMetric) throw Unexpected();
        Take();
        var next = Peek().Kind;
        if (token.IsAggregation && next is TokenKind.LeftParen or TokenKind.By or TokenKind.Without) return ParseAggregation(token);
        if (next == TokenKind.LeftParen && token.Kind is TokenKind.Identifier or >= TokenKind.Start) return ParseCall(token);
        return ParseVectorSelector(token);
    }

    ParenthesizedExpression ParseParenthesized()
    {
        var open = Take();
        var inner = ParseBinary(Precedence.Lowest);
        var close = Expect(TokenKind.RightParen);
        return new ParenthesizedExpression(inner, open.Span.To(close.Span));
    }

    Call ParseCall(Token name)
    {
        var arguments = ParseArguments();
        var function = FunctionTable.Find(name.Text)
            ?? throw ErrorAt(name.Span, $"unknown function with name {GoText.Quote(name.Text)}");
        if (function.Experimental && !options.ExperimentalFunctions)
            throw ErrorAt(name.Span, $"function {GoText.Quote(name.Text)} is not enabled");
        return new Call(function, arguments, new SourceSpan(name.Position, _end));
    }

    Aggregation ParseAggregation(Token name)
    {
        var outer = _construct;
        _construct = ("aggregation", "");
        bool grouped = TryParseGrouping(out var grouping, out bool without);
        if (Peek().Kind != TokenKind.LeftParen) throw Unexpected();
        var arguments = ParseArguments();
        int end = _end;
        if (!grouped)
        {
            TryParseGrouping(out grouping, out without);
            end = _end;
        }
        _construct = outer;

        var operation = name.AggregationOperator;
        var span = new SourceSpan(name.Position, end);
        if (arguments.Length == 0) throw ErrorAt(span, "no arguments for aggregate expression provided");
        if (operation.IsExperimental() && !options.ExperimentalFunctions)
        {
            throw ErrorAt(span, $"{operation.Text()}() is experimental and must be enabled with "
                + "--enable-feature=promql-experimental-functions");
        }
        int wanted = operation.TakesParameter() ? 2 : 1;
        if (arguments.Length != wanted)
        {
            throw ErrorAt(span, "wrong number of arguments for aggregate expression provided, "
                + $"expected {wanted}, got {arguments.Length}");
        }
        return new Aggregation(operation, arguments[^1], wanted == 2 ? arguments[0] : null, grouping, without, span);
    }

    bool TryParseGrouping(out ImmutableArray<string> labels, out bool without)
    {
        without = Peek().Kind == TokenKind.Without;
        labels = [];
        if (!without && Peek().Kind != TokenKind.By) return false;
        Take();
        labels = ParseGroupingLabels();
        return true;
    }

    ImmutableArray<Expression> ParseArguments()
    {
        Take();
        var arguments = ImmutableArray.CreateBuilder<Expression>(2);
        if (Peek().Kind != TokenKind.RightParen)
        {
            arguments.Add(ParseBinary(Precedence.Lowest));
            while (Peek().Kind == TokenKind.Comma)
            {
                var comma = Take();
                if (!CanStartExpression(Peek())) throw ErrorAt(comma.Span, "trailing commas not allowed in function call args");
                arguments.Add(ParseBinary(Precedence.Lowest));
            }
        }
        Expect(TokenKind.RightParen);
        return arguments.ToImmutable();
    }

    static bool CanStartExpression(Token token) => token.CanNameMetric || token.Kind is TokenKind.Number or TokenKind.Duration
        or TokenKind.String or TokenKind.LeftParen or TokenKind.LeftBrace or TokenKind.Add or TokenKind.Subtract;

    // ---- Literals ----

    double ParseNumber(Token token) => PromQLNumber.TryParse(token.Text, out double value)
        ? value
        : throw ErrorAt(token.Span, $"error parsing number: strconv.ParseFloat: parsing {GoText.Quote(token.Text)}: "
            + PromQLNumber.Problem(token.Text));

    double ParseDuration(Token token) => GoDuration.TryParseMs(token.Text, out long ms, out string? problem)
        ? ms / 1000d
        : throw ErrorAt(token.Span, problem!);

    // ---- Tokens ----

    Token Peek()
    {
        if (_hasAhead) return _ahead;
        _ahead = _lexer.Next();
        _hasAhead = true;
        return _ahead;
    }

    Token Take()
    {
        var token = Peek();
        _hasAhead = false;
        _end = token.Span.End;
        return token;
    }

    Token Expect(TokenKind kind) => Peek().Kind == kind ? Take() : throw Unexpected();

    /// <summary>Counts nesting, so that a text of a million parentheses is refused rather than the end of the stack.</summary>
    void Enter()
    {
        if (++_depth > PromQLParser.DepthMax) throw ErrorAt(new SourceSpan(_end, text.Length), TypeChecker.TooDeep);
    }

    PromQLParseException Unexpected() => Unexpected(_construct.Name, _construct.Expected);

    PromQLParseException Unexpected(string construct, string expected)
    {
        var token = Peek();
        string where = construct.Length > 0 ? " in " + construct : "";
        string instead = expected.Length > 0 ? ", expected " + expected : "";
        return ErrorAt(token.Span, $"unexpected {token.Describe()}{where}{instead}");
    }

    PromQLParseException ErrorAt(SourceSpan span, string detail) => ParseError.At(text, span, detail);
}
