using System.Globalization;
using System.Text;

namespace Vigie.Configuration.Alertmanager;

enum MatcherTokenKind
{
    End,
    OpenBrace,
    CloseBrace,
    Comma,
    Equals,
    NotEquals,
    Matches,
    NotMatches,
    Quoted,
    Unquoted,
}

/// <param name="Start">First column, counted in code points from 0.</param>
/// <param name="End">Column behind the token.</param>
readonly record struct MatcherToken(MatcherTokenKind Kind, string Text, int Start, int End)
{
    public bool IsEnd => Kind == MatcherTokenKind.End;
}

/// <summary>Words of the UTF-8 matcher language (Alertmanager, matcher/parse).</summary>
sealed class Utf8MatcherLexer(string text)
{
    readonly Rune[] _runes = [.. text.EnumerateRunes()];
    int _at;
    MatcherToken? _peeked;

    /// <summary>Column behind the last token read.</summary>
    public int Column { get; private set; }

    public static bool IsReserved(Rune rune) =>
        Rune.IsWhiteSpace(rune) || (rune.Value < 0x80 && "{}!=~,\\\"'`".Contains((char)rune.Value, StringComparison.Ordinal));

    public MatcherToken Peek() => _peeked ??= Scan();

    public MatcherToken Next()
    {
        var token = Peek();
        _peeked = null;
        Column = token.End;
        return token;
    }

    MatcherToken Scan()
    {
        while (_at < _runes.Length && Rune.IsWhiteSpace(_runes[_at])) _at++;
        int start = _at;
        if (_at == _runes.Length) return new MatcherToken(MatcherTokenKind.End, "", start, start);
        int c = _runes[_at++].Value;
        switch (c)
        {
            case '{': return Token(MatcherTokenKind.OpenBrace, start);
            case '}': return Token(MatcherTokenKind.CloseBrace, start);
            case ',': return Token(MatcherTokenKind.Comma, start);
            case '=': return Token(Accept('~') ? MatcherTokenKind.Matches : MatcherTokenKind.Equals, start);
            case '!':
                if (Accept('=')) return Token(MatcherTokenKind.NotEquals, start);
                if (Accept('~')) return Token(MatcherTokenKind.NotMatches, start);
                throw Problem(start, "expected one of '=~'");
            case '"': return ScanQuoted(start);
        }
        if (IsReserved(_runes[start])) throw Problem(start, "invalid input");
        while (_at < _runes.Length && !IsReserved(_runes[_at])) _at++;
        return Token(MatcherTokenKind.Unquoted, start);
    }

    MatcherToken ScanQuoted(int start)
    {
        while (_at < _runes.Length)
        {
            int c = _runes[_at++].Value;
            if (c == '\\' && _at < _runes.Length) _at++;
            else if (c == '"') return Token(MatcherTokenKind.Quoted, start);
        }
        throw Problem(start, "missing end \"");
    }

    bool Accept(char c)
    {
        if (_at == _runes.Length || _runes[_at].Value != c) return false;
        _at++;
        return true;
    }

    MatcherToken Token(MatcherTokenKind kind, int start) => new(kind, TextOf(start), start, _at);

    string TextOf(int start) => string.Concat(_runes.AsSpan(start, _at - start).ToArray());

    FormatException Problem(int start, string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{start}:{_at}: {TextOf(start)}: {message}"));
}
