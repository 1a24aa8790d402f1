using System.Globalization;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>What may follow an expression: ranges, subqueries, offsets, @; and the durations in them.</summary>
sealed partial class ExpressionParser
{
    const string DurationsExpected = "number, duration, step(), or range()";

    Expression ParsePostfix(Expression expression)
    {
        while (true)
        {
            switch (Peek().Kind)
            {
                case TokenKind.LeftBracket: expression = ParseBrackets(expression); break;
                case TokenKind.Offset: expression = ParseOffset(expression); break;
                case TokenKind.At: expression = ParseAt(expression); break;
                case TokenKind.Anchored: expression = WithEdges(expression, Take(), RangeEdges.Anchored); break;
                case TokenKind.Smoothed: expression = WithEdges(expression, Take(), RangeEdges.Smoothed); break;
                default: return expression;
            }
        }
    }

    // ---- Ranges and subqueries ----

    Expression ParseBrackets(Expression expression)
    {
        var open = Take();
        var outer = _construct;
        _construct = ("subquery or range selector", DurationsExpected);
        var range = ParsePositiveDuration();
        if (Peek().Kind == TokenKind.RightBracket)
        {
            var close = Take();
            _construct = outer;
            return MakeMatrixSelector(expression, range, open.Span.To(close.Span));
        }
        if (Peek().Kind != TokenKind.Colon) throw Unexpected("subquery or range", "\":\" or \"]\"");
        Take();
        DurationExpression? step = null;
        if (Peek().Kind != TokenKind.RightBracket)
        {
            _construct = ("subquery selector", "number, duration, step(), range(), or \"]\"");
            step = ParsePositiveDuration();
            if (Peek().Kind != TokenKind.RightBracket) throw Unexpected("subquery selector", "\"]\"");
        }
        Take();
        _construct = outer;
        return new Subquery(expression, LiteralMs(range), Computed(range), LiteralMs(step), Computed(step), TimeModifiers.None,
            new SourceSpan(expression.Span.Start, _end));
    }

    MatrixSelector MakeMatrixSelector(Expression expression, DurationExpression range, SourceSpan brackets)
    {
        if (expression is not VectorSelector selector) throw ErrorAt(brackets, "ranges only allowed for vector selectors");
        if (HasOffset(selector.Time)) throw ErrorAt(brackets, "no offset modifiers allowed before range");
        if (selector.Time.HasAt) throw ErrorAt(brackets, "no @ modifiers allowed before range");
        return new MatrixSelector(selector, LiteralMs(range), Computed(range), selector.Span.To(brackets));
    }

    Expression WithEdges(Expression expression, Token keyword, RangeEdges edges)
    {
        string name = edges == RangeEdges.Anchored ? "anchored" : "smoothed";
        var span = expression.Span;
        if (!options.ExtendedRangeSelectors) throw ErrorAt(span, $"{name} modifier is experimental and not enabled");
        var result = span.To(keyword.Span);
        switch (expression)
        {
            case VectorSelector selector:
                return selector with { Edges = Combine(selector.Edges), Span = result };
            case MatrixSelector matrix:
                return matrix with { Selector = matrix.Selector with { Edges = Combine(matrix.Selector.Edges) }, Span = result };
            case Subquery:
                throw ErrorAt(span, $"{name} modifier is not supported for subqueries");
            default:
                throw ErrorAt(span, $"{name} modifier not implemented");
        }

        RangeEdges Combine(RangeEdges before) => before == RangeEdges.Plain || before == edges
            ? edges
            : throw ErrorAt(span, "anchored and smoothed modifiers cannot be used together");
    }

    // ---- Offset and @ ----

    Expression ParseOffset(Expression expression)
    {
        Take();
        var outer = _construct;
        _construct = ("offset", DurationsExpected);
        var offset = ParseOffsetDuration();
        _construct = outer;
        var time = TimeOf(expression)
            ?? throw ErrorAt(expression.Span,
                "offset modifier must be preceded by an instant vector selector or range vector selector or a subquery");
        if (HasOffset(time)) throw ErrorAt(expression.Span, "offset may not be set multiple times");
        return WithTime(expression, time with { OffsetMs = LiteralMs(offset), OffsetExpression = Computed(offset) });
    }

    Expression ParseAt(Expression expression)
    {
        Take();
        var outer = _construct;
        _construct = ("@", "timestamp");
        TimeModifiers added;
        if (Peek().Kind is TokenKind.Start or TokenKind.End)
        {
            var boundary = Take().Kind == TokenKind.Start ? AtBoundary.Start : AtBoundary.End;
            Expect(TokenKind.LeftParen);
            Expect(TokenKind.RightParen);
            added = TimeModifiers.None with { Boundary = boundary };
        }
        else
        {
            double seconds = ParseSignedNumber();
            if (!(Math.Abs(seconds) < long.MaxValue))
                throw ErrorAt(expression.Span, $"timestamp out of bounds for @ modifier: {FormatSixDecimals(seconds)}");
            double ms = Math.Round(seconds * 1000, MidpointRounding.AwayFromZero);
            // Beyond int64 milliseconds Prometheus' conversion ends at the smallest one, on either side.
            added = TimeModifiers.None with { TimestampMs = Math.Abs(ms) < long.MaxValue ? (long)ms : long.MinValue };
        }
        _construct = outer;
        var time = TimeOf(expression) ?? throw ErrorAt(expression.Span,
            "@ modifier must be preceded by an instant vector selector or range vector selector or a subquery");
        if (time.HasAt) throw ErrorAt(expression.Span, "@ <timestamp> may not be set multiple times");
        return WithTime(expression, time with { TimestampMs = added.TimestampMs, Boundary = added.Boundary });
    }

    static string FormatSixDecimals(double value) =>
        double.IsFinite(value) ? value.ToString("F6", CultureInfo.InvariantCulture) : GoNumber.FormatFixed(value);

    static TimeModifiers? TimeOf(Expression expression) => expression switch
    {
        VectorSelector selector => selector.Time,
        MatrixSelector matrix => matrix.Selector.Time,
        Subquery subquery => subquery.Time,
        _ => null,
    };

    Expression WithTime(Expression expression, TimeModifiers time)
    {
        var span = new SourceSpan(expression.Span.Start, _end);
        return expression switch
        {
            VectorSelector selector => selector with { Time = time, Span = span },
            MatrixSelector matrix => matrix with { Selector = matrix.Selector with { Time = time }, Span = span },
            Subquery subquery => subquery with { Time = time, Span = span },
            _ => throw new InvalidOperationException("BUG: only selectors and subqueries move in time"),
        };
    }

    static bool HasOffset(TimeModifiers time) => time.OffsetMs != 0 || time.OffsetExpression is not null;

    // ---- Durations ----

    static long LiteralMs(DurationExpression? duration) => duration switch
    {
        DurationNumber { IsDuration: true } number => (long)Math.Round(number.Seconds * 1000),
        // Rounded to nanoseconds, then cut to milliseconds, as Prometheus does.
        DurationNumber number => (long)(Math.Round(number.Seconds * 1e9, MidpointRounding.AwayFromZero) / 1e6),
        _ => 0,
    };

    static DurationExpression? Computed(DurationExpression? duration) => duration is DurationNumber ? null : duration;

    DurationExpression ParsePositiveDuration()
    {
        var duration = ParseDurationBinary(Precedence.Lowest);
        if (duration is DurationNumber { Seconds: <= 0 }) throw ErrorAt(duration.Span, "duration must be greater than 0");
        return duration;
    }

    /// <summary>
    /// After <c>offset</c> a bare number, or a sign and what directly follows it, is all of the offset, so that <c>foo offset -2^2</c> is
    /// <c>(foo offset -2)^2</c>; only after parentheses does arithmetic go on.
    /// </summary>
    DurationExpression ParseOffsetDuration()
    {
        var first = Peek();
        switch (first.Kind)
        {
            case TokenKind.LeftParen:
                return ParseDurationBinary(Precedence.Lowest);
            case TokenKind.Number or TokenKind.Duration or TokenKind.Step or TokenKind.Range or TokenKind.MinOf or TokenKind.MaxOf:
                return ParseDurationPrimary();
            case TokenKind.Add or TokenKind.Subtract:
                break;
            default:
                throw Unexpected();
        }
        Take();
        switch (Peek().Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                return Signed(first, ParseDurationNumber());
            case TokenKind.LeftParen:
                Take();
                var inner = ParseDurationBinary(Precedence.Lowest);
                Expect(TokenKind.RightParen);
                return Signed(first, Wrapped(inner));
            case TokenKind.Step or TokenKind.Range or TokenKind.MinOf or TokenKind.MaxOf:
                var operation = ParseDurationFunction(checkEnabled: false);
                return Enabled(new DurationOperation(
                    first.Kind == TokenKind.Add ? DurationOperator.Add : DurationOperator.Subtract, null, operation, false,
                    first.Span.To(operation.Span)));
            default:
                throw Unexpected();
        }
    }

    DurationExpression ParseDurationBinary(int precedenceMin)
    {
        Enter();
        var left = ParseDurationUnary();
        while (true)
        {
            var token = Peek();
            if (token.Kind is < TokenKind.Add or > TokenKind.Power || Precedence.Of(token.BinaryOperator) < precedenceMin)
            {
                _depth--;
                return left;
            }
            int precedence = Precedence.Of(token.BinaryOperator);
            Take();
            var right = ParseDurationBinary(token.Kind == TokenKind.Power ? precedence : precedence + 1);
            RequireEnabled(left);
            if (right is DurationNumber { Seconds: 0 } && token.Kind is TokenKind.Divide or TokenKind.Modulo)
                throw ErrorAt(token.Span, token.Kind == TokenKind.Divide ? "division by zero" : "modulo by zero");
            left = new DurationOperation((DurationOperator)(token.Kind - TokenKind.Add), left, right, false, left.Span.To(right.Span));
        }
    }

    DurationExpression ParseDurationUnary()
    {
        var sign = Peek();
        if (sign.Kind is not (TokenKind.Add or TokenKind.Subtract)) return ParseDurationPrimary();
        Take();
        var operand = ParseDurationBinary(Precedence.Power);
        return Signed(sign, operand);
    }

    DurationExpression ParseDurationPrimary()
    {
        var token = Peek();
        switch (token.Kind)
        {
            case TokenKind.Number or TokenKind.Duration:
                return ParseDurationNumber();
            case TokenKind.LeftParen:
                Take();
                var inner = ParseDurationBinary(Precedence.Lowest);
                Expect(TokenKind.RightParen);
                RequireEnabled(inner);
                return Wrapped(inner);
            case TokenKind.Step or TokenKind.Range or TokenKind.MinOf or TokenKind.MaxOf:
                return ParseDurationFunction(checkEnabled: true);
            default:
                throw Unexpected();
        }
    }

    DurationNumber ParseDurationNumber()
    {
        var token = Take();
        bool isDuration = token.Kind == TokenKind.Duration;
        double seconds = isDuration ? ParseDuration(token) : ParseNumber(token);
        return InRange(new DurationNumber(seconds, isDuration, token.Span), token);
    }

    DurationOperation ParseDurationFunction(bool checkEnabled)
    {
        var name = Take();
        Expect(TokenKind.LeftParen);
        DurationExpression? left = null, right = null;
        if (name.Kind is TokenKind.MinOf or TokenKind.MaxOf)
        {
            left = ParseDurationBinary(Precedence.Lowest);
            Expect(TokenKind.Comma);
            right = ParseDurationBinary(Precedence.Lowest);
        }
        var close = Expect(TokenKind.RightParen);
        var operation = name.Kind switch
        {
            TokenKind.Step => DurationOperator.Step,
            TokenKind.Range => DurationOperator.Range,
            TokenKind.MinOf => DurationOperator.MinOf,
            _ => DurationOperator.MaxOf,
        };
        var result = new DurationOperation(operation, left, right, false, name.Span.To(close.Span));
        return checkEnabled ? Enabled(result) : result;
    }

    DurationExpression Signed(Token sign, DurationExpression operand)
    {
        bool isMinus = sign.Kind == TokenKind.Subtract;
        var span = sign.Span.To(operand.Span);
        if (operand is DurationNumber number)
            return InRange(number with { Seconds = isMinus ? -number.Seconds : number.Seconds, Span = span }, sign);
        return isMinus ? new DurationOperation(DurationOperator.Subtract, null, operand, false, span) : operand;
    }

    /// <summary>A bare number has no place for "was in parentheses", so it becomes the operand of a plus sign.</summary>
    static DurationOperation Wrapped(DurationExpression inner) => inner is DurationOperation operation
        ? operation with { Wrapped = true }
        : new DurationOperation(DurationOperator.Add, null, inner, true, inner.Span);

    DurationNumber InRange(DurationNumber number, Token blamed) => Math.Abs(number.Seconds) <= GoDuration.SecondsMax
        ? number
        : throw ErrorAt(blamed.Span, "duration out of range");

    DurationOperation Enabled(DurationOperation expression)
    {
        RequireEnabled(expression);
        return expression;
    }

    void RequireEnabled(DurationExpression expression)
    {
        if (!options.DurationExpressions) throw ErrorAt(expression.Span, "experimental duration expression is not enabled");
    }
}
