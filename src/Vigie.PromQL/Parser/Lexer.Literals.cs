using System.Globalization;

namespace Vigie.PromQL;

/// <summary>Numbers, durations and strings.</summary>
sealed partial class Lexer
{
    Token NumberOrDuration()
    {
        if (ScanNumber()) return Emit(TokenKind.Number);
        if (ScanRestOfDuration()) return Emit(TokenKind.Duration);
        throw Error($"bad number or duration syntax: {Model.GoText.Quote(text[_start.._at])}");
    }

    /// <summary>
    /// Runs over <c>[0x]digits</c> with at most one point and one exponent, and underscores between digits. What it accepts need not be a
    /// number; what follows must not be a letter. On failure the position is where the trouble was seen, which the message shows.
    /// </summary>
    bool ScanNumber()
    {
        bool hexadecimal = Accept('0') && AcceptAny("xX");
        if (hexadecimal) Accept('_');
        Accept('.');
        AcceptDigit(hexadecimal);
        bool pointSeen = false, exponentSeen = false;
        while (true)
        {
            int c = Peek();
            if (c == '.')
            {
                _at++;
                if (pointSeen || AcceptAny("_.") || hexadecimal) return false;
                pointSeen = true;
            }
            else if (c is 'e' or 'E')
            {
                _at++;
                if (exponentSeen) return false;
                exponentSeen = true;
                AcceptAny("+-");
                if (AcceptAny("._eE") || Peek() == EndOfText) return false;
            }
            else if (c == '_')
            {
                _at++;
                if (AcceptAny("._eE") || Peek() == EndOfText) return false;
            }
            else
            {
                int before = _at;
                // A run at once: inside one, the hexadecimal digit e is no exponent.
                while (AcceptDigit(hexadecimal))
                {
                }
                if (_at == before) break;
            }
        }
        return !IsAlphaNumeric(Peek());
    }

    /// <summary>Units and further numbers after a first number; years, when written, come first.</summary>
    bool ScanRestOfDuration()
    {
        if (!AcceptAny("smhdwy")) return false;
        Accept('s');
        while (IsDigit(Peek()))
        {
            while (IsDigit(Peek())) _at++;
            if (!AcceptAny("smhdw")) return false;
            Accept('s');
        }
        if (!IsAlphaNumeric(Peek())) return true;
        _at++;
        return false;
    }

    bool AcceptDigit(bool hexadecimal)
    {
        int c = Peek();
        if (c == EndOfText || !(hexadecimal ? char.IsAsciiHexDigit((char)c) : IsDigit(c))) return false;
        _at++;
        return true;
    }

    bool AcceptAny(string wanted)
    {
        int c = Peek();
        if (c == EndOfText || !wanted.Contains((char)c, StringComparison.Ordinal)) return false;
        _at++;
        return true;
    }

    Token QuotedString(char quote)
    {
        while (true)
        {
            int c = Read();
            if (c == quote) return Emit(TokenKind.String);
            if (c == '\\') CheckEscape(quote);
            else if (c is EndOfText or '\n') throw Error("unterminated quoted string");
            else if (c == '\ufffd') throw Error("invalid UTF-8 rune");
        }
    }

    Token RawString()
    {
        while (true)
        {
            int c = Read();
            if (c == '`') return Emit(TokenKind.String);
            if (c == EndOfText) throw Error("unterminated raw string");
            if (c == '\ufffd') throw Error("invalid UTF-8 rune");
        }
    }

    void CheckEscape(char quote)
    {
        int c = Read();
        if (c is 'a' or 'b' or 'f' or 'n' or 'r' or 't' or 'v' or '\\' || c == quote) return;
        var (digits, numberBase, max) = c switch
        {
            >= '0' and <= '7' => (3, 8u, 255u),
            'x' => (2, 16u, 255u),
            'u' => (4, 16u, 0x10ffffu),
            'U' => (8, 16u, 0x10ffffu),
            EndOfText => throw Error("escape sequence not terminated"),
            _ => throw Error($"unknown escape sequence {CodePoint(c)}"),
        };
        if (numberBase == 8) _at--;
        ulong value = 0;
        for (int i = 0; i < digits; i++)
        {
            c = Read();
            uint digit = c == EndOfText ? 16 : char.IsAsciiHexDigit((char)c) ? (uint)Convert.ToInt32(((char)c).ToString(), 16) : 16;
            if (digit >= numberBase)
                throw Error(c == EndOfText ? "escape sequence not terminated" : $"illegal character {CodePoint(c)} in escape sequence");
            value = value * numberBase + digit;
        }
        if (value > max || value is >= 0xd800 and < 0xe000) throw Error("escape sequence is an invalid Unicode code point");
    }

    /// <summary>Go's <c>%#U</c>: the character too if it can be shown.</summary>
    static string CodePoint(int c)
    {
        string shown = Model.GoText.Quote(((char)c).ToString())[1..^1];
        bool isShown = shown.Length == 1 || c is '\\' or '"';
        return "U+" + c.ToString("X4", CultureInfo.InvariantCulture) + (isShown ? $" '{(char)c}'" : "");
    }
}
