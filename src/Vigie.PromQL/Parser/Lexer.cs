using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Cuts a query into tokens, on demand. What a character means depends on where it stands (inside braces, inside brackets), and the
/// messages for characters that cannot stand there are Prometheus' (promql/parser/lex.go).
/// </summary>
sealed partial class Lexer(string text)
{
    const int EndOfText = -1;

    int _at;
    int _start;
    int _parenDepth;
    bool _inBraces;
    bool _inBrackets;
    /// <summary>Between "[" and the first number, where words other than those of durations cannot stand.</summary>
    bool _beforeDuration;
    bool _colonSeen;
    bool _durationSeen;

    public string Text => text;

    /// <summary>Where the next token will be looked for.</summary>
    public int Position => _at;

    /// <exception cref="PromQLParseException">No token can start or end here.</exception>
    public Token Next()
    {
        SkipSpaceAndComments();
        if (_inBraces) return NextInBraces();
        return _inBrackets && _beforeDuration ? NextInDuration() : NextInExpression();
    }

    Token NextInExpression()
    {
        int c = Read();
        switch (c)
        {
            case EndOfText:
                if (_parenDepth != 0) throw Error("unclosed left parenthesis");
                if (_inBrackets) throw Error("unclosed left bracket");
                return Emit(TokenKind.EndOfInput);
            case ',': return Emit(TokenKind.Comma);
            case '*': return Emit(TokenKind.Multiply);
            case '/': return Emit(TokenKind.Divide);
            case '%': return Emit(TokenKind.Modulo);
            case '+': return Emit(TokenKind.Add);
            case '-': return Emit(TokenKind.Subtract);
            case '^': return Emit(TokenKind.Power);
            case '@': return Emit(TokenKind.At);
            case '=':
                if (Accept('=')) return Emit(TokenKind.EqualEqual);
                if (Peek() == '~') throw Error($"unexpected character after '=': {QuoteCharacter('~')}");
                return Emit(TokenKind.Equal);
            case '!':
                int after = Read();
                return after == '=' ? Emit(TokenKind.NotEqual) : throw Error($"unexpected character after '!': {QuoteCharacter(after)}");
            case '<':
                return Emit(Accept('=') ? TokenKind.LessOrEqual : Accept('/') ? TokenKind.TrimUpper : TokenKind.Less);
            case '>':
                return Emit(Accept('=') ? TokenKind.GreaterOrEqual : Accept('/') ? TokenKind.TrimLower : TokenKind.Greater);
            case '"' or '\'': return QuotedString((char)c);
            case '`': return RawString();
            case '(':
                _parenDepth++;
                return Emit(TokenKind.LeftParen);
            case ')': return RightParen();
            case '{':
                _inBraces = true;
                return Emit(TokenKind.LeftBrace);
            case '[': return LeftBracket();
            case ']':
                if (!_inBrackets) throw Error("unexpected right bracket ']'");
                _inBrackets = false;
                return Emit(TokenKind.RightBracket);
        }
        if (IsDigit(c) || (c == '.' && IsDigit(Peek())))
        {
            _at = _start;
            return NumberOrDuration();
        }
        if (IsAlpha(c) || c == ':') return _inBrackets ? WordInBrackets(c) : KeywordOrIdentifier();
        throw Error($"unexpected character: {QuoteCharacter(c)}");
    }

    Token NextInBraces()
    {
        int c = Read();
        switch (c)
        {
            case EndOfText: throw Error("unexpected end of input inside braces");
            case ',': return Emit(TokenKind.Comma);
            case '"' or '\'': return QuotedString((char)c);
            case '`': return RawString();
            case '=': return Emit(Accept('~') ? TokenKind.EqualRegex : TokenKind.Equal);
            case '!':
                if (Accept('~')) return Emit(TokenKind.NotEqualRegex);
                if (Accept('=')) return Emit(TokenKind.NotEqual);
                throw Error($"unexpected character after '!' inside braces: {QuoteCharacter(Read())}");
            case '{': throw Error("unexpected left brace '{'");
            case '}':
                _inBraces = false;
                return Emit(TokenKind.RightBrace);
        }
        if (!IsAlpha(c)) throw Error($"unexpected character inside braces: {QuoteCharacter(c)}");
        while (IsAlphaNumeric(Peek())) _at++;
        return Emit(TokenKind.Identifier);
    }

    Token NextInDuration()
    {
        int c = Read();
        switch (c)
        {
            case EndOfText: throw Error("unexpected end of input in duration expression");
            case ']':
                _inBrackets = false;
                return Emit(TokenKind.RightBracket);
            case ':':
                _start = _at;
                if (!_durationSeen) throw Error("unexpected colon before duration in duration expression");
                if (_colonSeen) throw Error("unexpected repeated colon in duration expression");
                _colonSeen = true;
                return new Token(TokenKind.Colon, _at - 1, ":");
            case '(':
                _parenDepth++;
                return Emit(TokenKind.LeftParen);
            case ')': return RightParen();
            case '+': return Emit(TokenKind.Add);
            case '-': return Emit(TokenKind.Subtract);
            case '*': return Emit(TokenKind.Multiply);
            case '/': return Emit(TokenKind.Divide);
            case '%': return Emit(TokenKind.Modulo);
            case '^': return Emit(TokenKind.Power);
            case ',': return Emit(TokenKind.Comma);
        }
        if (IsDigit(c) || (c == '.' && IsDigit(Peek())))
        {
            _at = _start;
            _durationSeen = true;
            _beforeDuration = false;
            return NumberOrDuration();
        }
        return TryDurationWord(c) ?? throw Error($"unexpected character in duration expression: {QuoteCharacter(c)}");
    }

    Token WordInBrackets(int first)
    {
        if (first == ':')
        {
            if (_colonSeen) throw Error("unexpected colon ':'");
            _colonSeen = true;
            return Emit(TokenKind.Colon);
        }
        return TryDurationWord(first) ?? throw Error($"unexpected character: {QuoteCharacter(first)}, expected ':'");
    }

    /// <summary>step, range, min_of, max_of. After such a word a duration may start again.</summary>
    Token? TryDurationWord(int first)
    {
        if (first is not ('s' or 'S' or 'm' or 'M' or 'r' or 'R')) return null;
        while (IsAlpha(Peek())) _at++;
        if (!Keywords.TryFind(text.AsSpan(_start, _at - _start), out var kind)) return null;
        if (kind is not (TokenKind.Step or TokenKind.Range or TokenKind.MinOf or TokenKind.MaxOf)) return null;
        _durationSeen = true;
        return Emit(kind);
    }

    Token RightParen()
    {
        _parenDepth--;
        var token = Emit(TokenKind.RightParen);
        if (_parenDepth >= 0) return token;
        _start = _at;
        throw Error("unexpected right parenthesis ')'");
    }

    Token LeftBracket()
    {
        if (_inBrackets) throw Error("unexpected left bracket '['");
        var token = Emit(TokenKind.LeftBracket);
        _inBrackets = true;
        _beforeDuration = true;
        _colonSeen = false;
        _durationSeen = false;
        return token;
    }

    Token KeywordOrIdentifier()
    {
        while (IsAlphaNumeric(Peek()) || Peek() == ':') _at++;
        var word = text.AsSpan(_start, _at - _start);
        if (Keywords.TryFind(word, out var kind))
        {
            // These came late to the language: they stay names unless a value follows.
            bool isName = kind is TokenKind.Fill or TokenKind.FillLeft or TokenKind.FillRight && !IsFollowedByParen();
            return Emit(isName ? TokenKind.Identifier : kind);
        }
        return Emit(word.Contains(':') ? TokenKind.MetricIdentifier : TokenKind.Identifier);
    }

    bool IsFollowedByParen()
    {
        int at = _at;
        while (at < text.Length && IsSpace(text[at])) at++;
        return at < text.Length && text[at] == '(';
    }

    void SkipSpaceAndComments()
    {
        while (_at < text.Length)
        {
            char c = text[_at];
            if (c == '#' && (_inBraces || !_inBrackets || !_beforeDuration))
            {
                int length = text.AsSpan(_at).IndexOfAny('\r', '\n');
                _at = length < 0 ? text.Length : _at + length;
            }
            else if (IsSpace(c)) _at++;
            else break;
        }
        _start = _at;
    }

    Token Emit(TokenKind kind) => new(kind, _start, text[_start.._at]);

    int Peek() => _at < text.Length ? text[_at] : EndOfText;

    int Read() => _at < text.Length ? text[_at++] : EndOfText;

    bool Accept(char wanted)
    {
        if (Peek() != wanted) return false;
        _at++;
        return true;
    }

    PromQLParseException Error(string message) => ParseError.At(text, new SourceSpan(_start, text.Length), message);

    /// <summary>The character that was just read, as Go's %q prints a rune; all of it if it takes two UTF-16 units.</summary>
    string QuoteCharacter(int c)
    {
        if (c == EndOfText) return "'\ufffd'";      // as Go prints its "no rune"
        if (c == '\'') return "'\\''";
        if (c == '"') return "'\"'";
        bool isPair = char.IsHighSurrogate((char)c) && Peek() is var low and >= 0 && char.IsLowSurrogate((char)low);
        string whole = isPair ? new string([(char)c, text[_at]]) : ((char)c).ToString();
        return "'" + GoText.Quote(whole)[1..^1] + "'";
    }

    static bool IsSpace(int c) => c is ' ' or '\t' or '\n' or '\r';
    static bool IsDigit(int c) => c is >= '0' and <= '9';
    static bool IsAlpha(int c) => c is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
    static bool IsAlphaNumeric(int c) => IsAlpha(c) || IsDigit(c);
}
