using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>Cuts a template into tokens, as Go's text/template/parse does. Stops at the first error, which is the last token.</summary>
sealed class TemplateLexer
{
    const string LeftDelimiter = "{{", RightDelimiter = "}}", CommentStart = "/*", CommentEnd = "*/";

    static readonly HashSet<string> s_keywords =
        new(["block", "break", "continue", "define", "else", "end", "if", "range", "template", "with"], StringComparer.Ordinal);

    readonly string _text;
    readonly List<TemplateToken> _tokens = [];
    int _at;
    int _start;
    int _line = 1;
    int _startLine = 1;
    int _openParens;

    TemplateLexer(string text) => _text = text;

    public static List<TemplateToken> Tokens(string text)
    {
        var lexer = new TemplateLexer(text);
        lexer.Run();
        return lexer._tokens;
    }

    void Run()
    {
        while (ReadText())
            if (!ReadAction()) return;
    }

    /// <returns>False at the end of the text or an error.</returns>
    bool ReadText()
    {
        int open = _text.IndexOf(LeftDelimiter, _at, StringComparison.Ordinal);
        if (open < 0)
        {
            _at = _text.Length;
            if (_at > _start) Emit(TemplateTokenKind.Text);
            Emit(TemplateTokenKind.End);
            return false;
        }
        bool trims = HasLeftTrim(open + LeftDelimiter.Length);
        int textEnd = open;
        if (trims)
            while (textEnd > _start && IsSpace(_text[textEnd - 1])) textEnd--;
        if (textEnd > _start)
        {
            _at = textEnd;
            Emit(TemplateTokenKind.Text);
        }
        _at = open;
        Ignore();
        _at = open + LeftDelimiter.Length + (trims ? 2 : 0);
        if (At(CommentStart)) return ReadComment();
        _at = open + LeftDelimiter.Length;
        Emit(TemplateTokenKind.LeftDelimiter);
        if (trims) _at += 2;
        Ignore();
        _openParens = 0;
        return true;
    }

    bool ReadComment()
    {
        int end = _text.IndexOf(CommentEnd, _at + CommentStart.Length, StringComparison.Ordinal);
        if (end < 0) return Fail("unclosed comment");
        _at = end + CommentEnd.Length;
        if (!AtRightDelimiter(out bool trims)) return Fail("comment ends before closing delimiter");
        SkipRightDelimiter(trims);
        return ReadText();
    }

    /// <summary>Reads to the end of the action.</summary>
    bool ReadAction()
    {
        while (true)
        {
            if (AtRightDelimiter(out bool trims))
            {
                if (_openParens > 0) return Fail("unclosed left paren");
                if (trims)
                {
                    _at += 2;
                    Ignore();
                }
                _at += RightDelimiter.Length;
                Emit(TemplateTokenKind.RightDelimiter);
                if (trims) SkipSpaces();
                return true;
            }
            if (_at == _text.Length) return Fail("unclosed action");
            if (!ReadToken()) return false;
        }
    }

    bool ReadToken()
    {
        char c = _text[_at];
        if (IsSpace(c))
        {
            while (_at < _text.Length && IsSpace(_text[_at]) && !(AtRightDelimiter(out bool trims) && trims)) _at++;
            return Emit(TemplateTokenKind.Space);
        }
        switch (c)
        {
            case '=': return Take(1, TemplateTokenKind.Assign);
            case ':': return At(":=") ? Take(2, TemplateTokenKind.Declare) : Fail("expected :=");
            case '|': return Take(1, TemplateTokenKind.Pipe);
            case '"': return ReadQuoted('"', TemplateTokenKind.String, "unterminated quoted string");
            case '\'': return ReadQuoted('\'', TemplateTokenKind.CharConstant, "unterminated character constant");
            case '`': return ReadRawString();
            case '$': return ReadName(TemplateTokenKind.Variable);
            case '(':
                _openParens++;
                return Take(1, TemplateTokenKind.LeftParen);
            case ')':
                if (--_openParens < 0) return Fail("unexpected right paren");
                return Take(1, TemplateTokenKind.RightParen);
            case '.' when _at + 1 >= _text.Length || !char.IsAsciiDigit(_text[_at + 1]):
                return ReadName(TemplateTokenKind.Field);
            case '.' or '+' or '-' or (>= '0' and <= '9'):
                return ReadNumber();
        }
        if (IsAlphaNumeric(c)) return ReadIdentifier();
        if (c is > ' ' and < '\x7f') return Take(1, TemplateTokenKind.Char);
        return Fail("unrecognized character in action: " + Describe(_at));
    }

    bool ReadQuoted(char quote, TemplateTokenKind kind, string problem)
    {
        for (_at++; _at < _text.Length && _text[_at] != '\n'; _at++)
        {
            if (_text[_at] == quote) return Take(1, kind);
            if (_text[_at] == '\\' && _at + 1 < _text.Length && _text[_at + 1] != '\n') _at++;
        }
        return Fail(problem);
    }

    bool ReadRawString()
    {
        int end = _text.IndexOf('`', _at + 1);
        if (end < 0) return Fail("unterminated raw quoted string");
        _at = end + 1;
        return Emit(TemplateTokenKind.RawString);
    }

    /// <summary>A field or a variable, whose first character is the dot or the $.</summary>
    bool ReadName(TemplateTokenKind kind)
    {
        _at++;
        if (AtTerminator()) return Emit(kind == TemplateTokenKind.Variable ? kind : TemplateTokenKind.Dot);
        while (_at < _text.Length && IsAlphaNumeric(_text[_at])) _at++;
        return AtTerminator() ? Emit(kind) : Fail("bad character " + Describe(_at));
    }

    bool ReadIdentifier()
    {
        while (_at < _text.Length && IsAlphaNumeric(_text[_at])) _at++;
        if (!AtTerminator()) return Fail("bad character " + Describe(_at));
        string word = _text[_start.._at];
        return Emit(word switch
        {
            "true" or "false" => TemplateTokenKind.Bool,
            "nil" => TemplateTokenKind.Nil,
            _ when s_keywords.Contains(word) => TemplateTokenKind.Keyword,
            _ => TemplateTokenKind.Identifier,
        });
    }

    bool ReadNumber()
    {
        if (_text[_at] is '+' or '-') _at++;
        string digits = "0123456789_";
        bool hex = false, prefixed = false;
        if (_at < _text.Length && _text[_at] == '0')
        {
            _at++;
            char marker = _at < _text.Length ? char.ToLowerInvariant(_text[_at]) : ' ';
            if (marker is 'x' or 'o' or 'b')
            {
                _at++;
                prefixed = true;
                hex = marker == 'x';
                digits = marker switch { 'x' => "0123456789abcdefABCDEF_", 'o' => "01234567_", _ => "01_" };
            }
        }
        SkipAny(digits);
        if (SkipOne(".")) SkipAny(digits);
        if ((!prefixed && SkipOne("eE")) || (hex && SkipOne("pP")))
        {
            SkipOne("+-");
            SkipAny("0123456789_");
        }
        if (_at < _text.Length && IsAlphaNumeric(_text[_at]))
        {
            _at++;
            return Fail("bad number syntax: " + GoText.Quote(_text[_start.._at]));
        }
        return Emit(TemplateTokenKind.Number);
    }

    void SkipAny(string set)
    {
        while (SkipOne(set)) { }
    }

    bool SkipOne(string set)
    {
        if (_at == _text.Length || !set.Contains(_text[_at], StringComparison.Ordinal)) return false;
        _at++;
        return true;
    }

    bool AtTerminator()
    {
        if (_at == _text.Length) return true;
        char c = _text[_at];
        return IsSpace(c) || c is '.' or ',' or '|' or ':' or ')' or '(' || At(RightDelimiter);
    }

    /// <param name="trims">The delimiter has its trim marker: <c> -}}</c>.</param>
    bool AtRightDelimiter(out bool trims)
    {
        trims = _at + 1 < _text.Length && IsSpace(_text[_at]) && _text[_at + 1] == '-'
            && string.CompareOrdinal(_text, _at + 2, RightDelimiter, 0, RightDelimiter.Length) == 0;
        return trims || At(RightDelimiter);
    }

    void SkipRightDelimiter(bool trims)
    {
        _at += RightDelimiter.Length + (trims ? 2 : 0);
        Ignore();
        if (trims) SkipSpaces();
    }

    void SkipSpaces()
    {
        while (_at < _text.Length && IsSpace(_text[_at])) _at++;
        Ignore();
    }

    bool HasLeftTrim(int at) => at + 1 < _text.Length && _text[at] == '-' && IsSpace(_text[at + 1]);

    bool At(string word) => string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0;

    bool Take(int length, TemplateTokenKind kind)
    {
        _at += length;
        return Emit(kind);
    }

    bool Emit(TemplateTokenKind kind)
    {
        _tokens.Add(new TemplateToken(kind, _start, _text[_start.._at], _startLine));
        Ignore();
        return true;
    }

    bool Fail(string message)
    {
        _tokens.Add(new TemplateToken(TemplateTokenKind.Error, _start, message, _startLine));
        return false;
    }

    void Ignore()
    {
        _line += _text.AsSpan(_start, _at - _start).Count('\n');
        _start = _at;
        _startLine = _line;
    }

    static bool IsSpace(char c) => c is ' ' or '\t' or '\r' or '\n';
    static bool IsAlphaNumeric(char c) => c == '_' || char.IsLetterOrDigit(c) || char.IsSurrogate(c);

    string Describe(int at)
    {
        if (at >= _text.Length) return "U+FFFF";
        Rune.DecodeFromUtf16(_text.AsSpan(at), out var rune, out _);
        string code = string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}");
        bool printable = rune.Value is > 0x20 and < 0x7f || (rune.Value > 0xa0 && Rune.IsLetterOrDigit(rune));
        return printable ? $"{code} '{rune}'" : code;
    }
}
