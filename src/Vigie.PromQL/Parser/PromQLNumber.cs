using System.Globalization;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Number literals of PromQL: integers as Go writes them (hexadecimal, octal with a leading 0), floats, underscores between digits.
/// </summary>
static class PromQLNumber
{
    public static bool TryParse(string literal, out double value)
    {
        string text = literal.Contains('_', StringComparison.Ordinal) ? literal.Replace("_", "", StringComparison.Ordinal) : literal;
        if (TryParseInteger(text, out long integer))
        {
            value = integer;
            return true;
        }
        return GoNumber.TryParse(text, out value);
    }

    /// <summary>What strconv says about a literal that cannot be read.</summary>
    public static string Problem(string literal) =>
        double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsInfinity(value)
            ? "value out of range"
            : "invalid syntax";

    static bool TryParseInteger(string text, out long value)
    {
        value = 0;
        if (text.Length > 2 && text[0] == '0' && text[1] is 'x' or 'X')
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        if (text.Length > 1 && text[0] == '0') return TryParseOctal(text.AsSpan(1), out value);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    static bool TryParseOctal(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        if (digits.Length > 20) return false;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7') return false;
            value = value * 8 + (digit - '0');
        }
        return true;
    }
}
