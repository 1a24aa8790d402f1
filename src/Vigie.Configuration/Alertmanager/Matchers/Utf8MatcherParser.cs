using System.Globalization;
using Vigie.Model;

namespace Vigie.Configuration.Alertmanager;

/// <summary>Parses the UTF-8 matcher language (Alertmanager, matcher/parse), with its messages.</summary>
sealed class Utf8MatcherParser
{
    const string NoOperator = "expected an operator such as '=', '!=', '=~' or '!~'";

    readonly Utf8MatcherLexer _lexer;
    readonly List<LabelMatcher> _matchers = [];
    bool _hasOpenBrace;

    Utf8MatcherParser(string text) => _lexer = new Utf8MatcherLexer(text);

    public static LabelMatcher ParseOne(string text)
    {
        var matchers = Parse(text);
        return matchers.Count switch
        {
            0 => throw new FormatException("no matchers"),
            1 => matchers[0],
            _ => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"expected 1 matcher, found {matchers.Count}")),
        };
    }

    public static IReadOnlyList<LabelMatcher> Parse(string text)
    {
        var parser = new Utf8MatcherParser(text);
        parser.ParseList();
        return parser._matchers;
    }

    void ParseList()
    {
        if (_lexer.Peek().IsEnd) return;
        if (_lexer.Peek().Kind == MatcherTokenKind.OpenBrace)
        {
            _lexer.Next();
            _hasOpenBrace = true;
        }
        if (_lexer.Peek().Kind is not (MatcherTokenKind.CloseBrace or MatcherTokenKind.End))
        {
            ParseMatcher();
            while (ParseSeparator()) ParseMatcher();
        }
        ParseClose();
    }

    void ParseMatcher()
    {
        var name = Expect("expected label name", MatcherTokenKind.Quoted, MatcherTokenKind.Unquoted);
        string nameText = Unquote(name);
        var operation = Expect(NoOperator, MatcherTokenKind.Equals, MatcherTokenKind.NotEquals, MatcherTokenKind.Matches,
            MatcherTokenKind.NotMatches);
        var value = Expect("expected label value", MatcherTokenKind.Quoted, MatcherTokenKind.Unquoted);
        string valueText = Unquote(value);
        var type = operation.Kind switch
        {
            MatcherTokenKind.Equals => MatchType.Equal,
            MatcherTokenKind.NotEquals => MatchType.NotEqual,
            MatcherTokenKind.Matches => MatchType.Regex,
            _ => MatchType.NotRegex,
        };
        try
        {
            _matchers.Add(AlertMatchers.Create(type, nameText, valueText));
        }
        catch (FormatException problem)
        {
            throw new FormatException($"failed to create matcher: {problem.Message}", problem);
        }
    }

    /// <summary>Whether another matcher follows.</summary>
    bool ParseSeparator()
    {
        var token = PeekOr("expected a comma or close brace", MatcherTokenKind.Comma, MatcherTokenKind.CloseBrace);
        if (token.Kind != MatcherTokenKind.Comma) return false;
        _lexer.Next();
        var next = PeekOr("expected a matcher or close brace after comma",
            MatcherTokenKind.CloseBrace, MatcherTokenKind.Quoted, MatcherTokenKind.Unquoted);
        return next.Kind is MatcherTokenKind.Quoted or MatcherTokenKind.Unquoted;
    }

    void ParseClose()
    {
        var next = _lexer.Peek();
        if (_hasOpenBrace)
        {
            if (next.IsEnd)
                throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                    $"0:{_lexer.Column}: end of input: expected close brace"));
            _lexer.Next();
        }
        else if (!next.IsEnd)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"0:{next.End}: }}: expected opening brace"));
        var rest = _lexer.Peek();
        if (!rest.IsEnd)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture,
                $"{rest.Start}:{rest.End}: {rest.Text}: expected end of input"));
    }

    MatcherToken Expect(string expected, params ReadOnlySpan<MatcherTokenKind> kinds)
    {
        var token = Scan(expected);
        if (token.IsEnd) throw new FormatException($"end of input: {expected}");
        if (!kinds.Contains(token.Kind)) throw Unexpected(token, expected);
        return _lexer.Next();
    }

    /// <summary>The next token, which must be one of these or the end.</summary>
    MatcherToken PeekOr(string expected, params ReadOnlySpan<MatcherTokenKind> kinds)
    {
        var token = Scan(expected);
        return token.IsEnd || kinds.Contains(token.Kind) ? token : throw Unexpected(token, expected);
    }

    MatcherToken Scan(string expected)
    {
        try
        {
            return _lexer.Peek();
        }
        catch (FormatException problem)
        {
            throw new FormatException($"{problem.Message}: {expected}", problem);
        }
    }

    static FormatException Unexpected(MatcherToken token, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{token.Start}:{token.End}: unexpected {token.Text}: {expected}"));

    static string Unquote(MatcherToken token)
    {
        if (token.Kind == MatcherTokenKind.Unquoted) return token.Text;
        try
        {
            string text = GoText.Unquote(token.Text);
            if (IsUtf8(text)) return text;
        }
        catch (FormatException)
        {
            // said below, as upstream has it
        }
        throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{token.Start}:{token.End}: {token.Text}: invalid input"));
    }

    /// <summary>Escapes such as \xf0 may leave bytes that are no text; they arrive as halves of surrogate pairs.</summary>
    static bool IsUtf8(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsSurrogatePair(text, i)) return false;
            i++;
        }
        return true;
    }
}
