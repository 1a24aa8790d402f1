using System.Collections.Immutable;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Selectors, label sets, and the modifiers of binary operators.</summary>
sealed partial class ExpressionParser
{
    VectorSelector ParseVectorSelector()
    {
        if (Peek().Kind != TokenKind.LeftBrace) return ParseVectorSelector(Take());
        int start = Peek().Position;
        var matchers = ParseMatchers(null);
        return new VectorSelector("", matchers, TimeModifiers.None, RangeEdges.Plain, new SourceSpan(start, _end));
    }

    VectorSelector ParseVectorSelector(Token name)
    {
        ImmutableArray<LabelMatcher> matchers = Peek().Kind == TokenKind.LeftBrace
            ? ParseMatchers(name.Text)
            : [new LabelMatcher(MatchType.Equal, LabelNames.MetricName, name.Text)];
        return new VectorSelector(name.Text, matchers, TimeModifiers.None, RangeEdges.Plain, new SourceSpan(name.Position, _end));
    }

    /// <param name="metricName">Written before the braces: becomes the last matcher. Null if there is none.</param>
    ImmutableArray<LabelMatcher> ParseMatchers(string? metricName)
    {
        const string Construct = "label matching";
        Take();
        var matchers = ImmutableArray.CreateBuilder<LabelMatcher>();
        while (Peek().Kind != TokenKind.RightBrace)
        {
            matchers.Add(ParseMatcher(Construct));
            if (Peek().Kind == TokenKind.Comma) Take();
            else if (Peek().Kind != TokenKind.RightBrace) throw Unexpected(Construct, "\",\" or \"}\"");
        }
        Take();
        if (metricName is not null) matchers.Add(new LabelMatcher(MatchType.Equal, LabelNames.MetricName, metricName));
        return matchers.ToImmutable();
    }

    LabelMatcher ParseMatcher(string construct)
    {
        var name = Peek();
        if (name.Kind is not (TokenKind.Identifier or TokenKind.String)) throw Unexpected(construct, "identifier or \"}\"");
        Take();
        MatchType? type = Peek().Kind switch
        {
            TokenKind.Equal => MatchType.Equal,
            TokenKind.NotEqual => MatchType.NotEqual,
            TokenKind.EqualRegex => MatchType.Regex,
            TokenKind.NotEqualRegex => MatchType.NotRegex,
            _ => null,
        };
        string label = name.Kind == TokenKind.String ? GoText.Unquote(name.Text) : name.Text;
        if (type is null)
        {
            if (name.Kind == TokenKind.String) return new LabelMatcher(MatchType.Equal, LabelNames.MetricName, label);
            throw Unexpected(construct, "label matching operator");
        }
        Take();
        if (Peek().Kind != TokenKind.String) throw Unexpected(construct, "string");
        var value = Take();
        try
        {
            return new LabelMatcher(type.Value, label, GoText.Unquote(value.Text));
        }
        catch (FormatException problem)
        {
            throw ErrorAt(name.Span.To(value.Span), problem.Message);
        }
    }

    /// <summary>A label set as test and rule files write series: <c>name{a="b"}</c>, <c>{"name", a="b"}</c>.</summary>
    internal Labels ParseMetric()
    {
        var labels = new LabelsBuilder();
        string? name = null;
        if (Peek().CanNameMetric) name = Take().Text;
        else if (Peek().Kind != TokenKind.LeftBrace) throw Unexpected();
        if (Peek().Kind == TokenKind.LeftBrace) ParseLabelSet(labels);
        if (name is not null) labels.Set(LabelNames.MetricName, name);
        return labels.Build();
    }

    /// <summary>
    /// The label set that a text of the series notation begins with, and where it ends; braces must directly follow the name.
    /// </summary>
    internal (Labels Labels, int End) ParseMetricPrefix()
    {
        var labels = new LabelsBuilder();
        string? name = null;
        if (Peek().CanNameMetric) name = Take().Text;
        else if (Peek().Kind != TokenKind.LeftBrace) throw Unexpected();
        if (_end < text.Length && text[_end] == '{' || name is null) ParseLabelSet(labels);
        if (name is not null) labels.Set(LabelNames.MetricName, name);
        return (labels.Build(), _end);
    }

    void ParseLabelSet(LabelsBuilder labels)
    {
        const string Construct = "label set";
        Expect(TokenKind.LeftBrace);
        while (Peek().Kind != TokenKind.RightBrace)
        {
            var name = Peek();
            if (name.Kind is not (TokenKind.Identifier or TokenKind.String)) throw Unexpected(Construct, "identifier or \"}\"");
            Take();
            string label = name.Kind == TokenKind.String ? GoText.Unquote(name.Text) : name.Text;
            if (Peek().Kind == TokenKind.Equal)
            {
                Take();
                if (Peek().Kind != TokenKind.String) throw Unexpected(Construct, "string");
                labels.Set(label, GoText.Unquote(Take().Text));
            }
            else if (name.Kind == TokenKind.String) labels.Set(LabelNames.MetricName, label);
            else throw Unexpected(Construct, "\"=\"");
            if (Peek().Kind == TokenKind.Comma) Take();
            else if (Peek().Kind != TokenKind.RightBrace) throw Unexpected(Construct, "\",\" or \"}\"");
        }
        Take();
    }

    ImmutableArray<string> ParseGroupingLabels()
    {
        const string Construct = "grouping opts";
        if (Peek().Kind != TokenKind.LeftParen) throw Unexpected(Construct, "\"(\"");
        Take();
        var labels = ImmutableArray.CreateBuilder<string>();
        while (Peek().Kind != TokenKind.RightParen)
        {
            var token = Peek();
            if (token.Kind != TokenKind.String && !token.CanNameLabel) throw Unexpected(Construct, "label");
            Take();
            string label = token.Kind == TokenKind.String ? GoText.Unquote(token.Text) : token.Text;
            if (label.Length == 0) throw ErrorAt(token.Span, $"invalid label name for grouping: {GoText.Quote(label)}");
            labels.Add(label);
            if (Peek().Kind == TokenKind.Comma) Take();
            else if (Peek().Kind != TokenKind.RightParen) throw Unexpected(Construct, "\",\" or \")\"");
        }
        Take();
        return labels.ToImmutable();
    }

    readonly record struct BinaryModifiers(bool ReturnBool, VectorMatching Matching);

    static readonly VectorMatching s_oneToOne = new(MatchCardinality.OneToOne, [], false, []);

    BinaryModifiers ParseBinaryModifiers()
    {
        bool returnBool = Peek().Kind == TokenKind.Bool;
        if (returnBool) Take();
        var matching = s_oneToOne;
        if (Peek().Kind is TokenKind.On or TokenKind.Ignoring)
        {
            bool on = Take().Kind == TokenKind.On;
            matching = matching with { On = on, Labels = ParseGroupingLabels() };
            if (Peek().Kind is TokenKind.GroupLeft or TokenKind.GroupRight)
            {
                bool left = Take().Kind == TokenKind.GroupLeft;
                matching = matching with
                {
                    Cardinality = left ? MatchCardinality.ManyToOne : MatchCardinality.OneToMany,
                    Include = ParseIncludedLabels(),
                };
            }
        }
        return new BinaryModifiers(returnBool, ParseFill(matching));
    }

    /// <summary>The labels of <c>group_left</c>; none if the operand follows.</summary>
    ImmutableArray<string> ParseIncludedLabels()
    {
        var next = Peek();
        bool isOperand = next.Kind != TokenKind.LeftParen && (CanStartExpression(next) || next.Kind is TokenKind.Fill or TokenKind.FillLeft
            or TokenKind.FillRight);
        return isOperand ? [] : ParseGroupingLabels();
    }

    VectorMatching ParseFill(VectorMatching matching)
    {
        if (Peek().Kind == TokenKind.Fill)
        {
            Take();
            double both = ParseFillValue();
            return matching with { FillLeft = both, FillRight = both };
        }
        while (Peek().Kind is TokenKind.FillLeft or TokenKind.FillRight)
        {
            bool left = Peek().Kind == TokenKind.FillLeft;
            if ((left ? matching.FillLeft : matching.FillRight) is not null) break;
            Take();
            double value = ParseFillValue();
            matching = left ? matching with { FillLeft = value } : matching with { FillRight = value };
        }
        return matching;
    }

    double ParseFillValue()
    {
        Expect(TokenKind.LeftParen);
        double value = ParseSignedNumber();
        Expect(TokenKind.RightParen);
        return value;
    }

    double ParseSignedNumber()
    {
        double sign = Peek().Kind == TokenKind.Subtract ? -1 : 1;
        if (Peek().Kind is TokenKind.Subtract or TokenKind.Add) Take();
        return Peek().Kind switch
        {
            TokenKind.Number => sign * ParseNumber(Take()),
            TokenKind.Duration => sign * ParseDuration(Take()),
            _ => throw Unexpected(),
        };
    }
}
