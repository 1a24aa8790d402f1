using System.Globalization;
using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>Reads the pieces of the series notation from a text, character by character.</summary>
sealed class NotationScanner(string text, int start)
{
    int _at = start;

    public bool AtEnd => _at >= text.Length;

    /// <summary>The next character, NUL at the end.</summary>
    public char Peek => AtEnd ? '\0' : text[_at];

    /// <returns>True if there was any.</returns>
    public bool SkipSpace()
    {
        int before = _at;
        while (Peek is ' ' or '\t' or '\n' or '\r') _at++;
        return _at > before;
    }

    public bool Accept(char wanted)
    {
        if (Peek != wanted || AtEnd) return false;
        _at++;
        return true;
    }

    public bool Accept(string wanted)
    {
        if (!text.AsSpan(_at).StartsWith(wanted, StringComparison.Ordinal)) return false;
        _at += wanted.Length;
        return true;
    }

    public bool AcceptWord(string wanted)
    {
        int end = _at + wanted.Length;
        if (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) && text[end] != 'x')) return false;
        return Accept(wanted);
    }

    /// <summary>Letters and underscores.</summary>
    public string Word()
    {
        int before = _at;
        while (char.IsAsciiLetter(Peek) || Peek == '_') _at++;
        return text[before.._at];
    }

    /// <summary>A number of repetitions.</summary>
    public int Count()
    {
        int before = _at;
        while (char.IsAsciiDigit(Peek)) _at++;
        if (_at == before) throw Unexpected("series values", "number of repetitions");
        return int.TryParse(text.AsSpan(before, _at - before), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
            ? count
            : throw Error($"invalid repetition in series values: {text[before.._at]}");
    }

    public int SignedInteger()
    {
        int before = _at;
        if (Peek == '-') _at++;
        while (char.IsAsciiDigit(Peek)) _at++;
        return int.TryParse(text.AsSpan(before, _at - before), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : throw Unexpected("series values", "integer");
    }

    /// <summary>A PromQL number with an optional sign. Hexadecimal needs a letter digit: <c>0x4</c> repeats the number 0.</summary>
    public double SignedNumber(string construct)
    {
        bool negative = Peek == '-';
        if (Peek is '-' or '+') _at++;
        double magnitude = Number(construct);
        return negative ? -magnitude : magnitude;
    }

    double Number(string construct)
    {
        int before = _at;
        if (char.IsAsciiLetter(Peek))
        {
            string word = Word();
            // "Infx3": the letter of the repetition has been taken for a part of the word.
            if (word.EndsWith('x')) (word, _at) = (word[..^1], _at - 1);
            if (word.Equals("inf", StringComparison.OrdinalIgnoreCase)) return double.PositiveInfinity;
            if (word.Equals("nan", StringComparison.OrdinalIgnoreCase)) return StaleMarker.NormalNaN;
            _at = before;
            throw Unexpected(construct, "number or \"stale\"");
        }
        bool mayBeHexadecimal = Peek == '0' && _at + 1 < text.Length && text[_at + 1] is 'x' or 'X';
        if (mayBeHexadecimal && TryHexadecimal(out double hexadecimal)) return hexadecimal;
        while (char.IsAsciiDigit(Peek) || Peek is '.' or '_') _at++;
        if (Peek is 'e' or 'E')
        {
            _at++;
            if (Peek is '+' or '-') _at++;
            while (char.IsAsciiDigit(Peek)) _at++;
        }
        if (_at > before && PromQLNumber.TryParse(text[before.._at], out double value)) return value;
        _at = before;
        throw Unexpected(construct);
    }

    bool TryHexadecimal(out double value)
    {
        int end = _at + 2;
        while (end < text.Length && char.IsAsciiHexDigit(text[end])) end++;
        value = 0;
        if (!text.AsSpan(_at + 2, end - _at - 2).ContainsAnyExceptInRange('0', '9')) return false;
        if (!PromQLNumber.TryParse(text[_at..end], out value)) return false;
        _at = end;
        return true;
    }

    public PromQLParseException Unexpected(string construct, string expected = "")
    {
        string found = AtEnd ? "end of input" : GoText.Quote(text[_at].ToString());
        return Error($"unexpected {found} in {construct}{(expected.Length > 0 ? ", expected " + expected : "")}");
    }

    public PromQLParseException Error(string message) => ParseError.At(text, new SourceSpan(_at, text.Length), message);
}
