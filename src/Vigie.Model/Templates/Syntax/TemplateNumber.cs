using System.Globalization;
using System.Numerics;

namespace Vigie.Model;

/// <summary>Numbers as Go writes them in source: decimal, 0x, 0o, 0b, leading-zero octal, underscores, floats, hexadecimal floats.</summary>
static class TemplateNumber
{
    /// <summary>
    /// The value of a constant as Go's templates type it: <c>double</c> if it has a point or an exponent, else <c>long</c>.
    /// <paramref name="problem"/> is set if the text is a number that has no such value.
    /// </summary>
    /// <returns>False if the text is not a number Go's templates take; <paramref name="problem"/> says why.</returns>
    public static bool TryParse(string text, out object value, out string? problem)
    {
        problem = null;
        bool isHex = text.AsSpan().TrimStart("+-").StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        bool looksFloat = text.AsSpan().ContainsAny(isHex ? ".pP" : ".eE");
        if (!looksFloat)
        {
            value = 0L;
            if (!TryParseInteger(text, out var integer) || integer < long.MinValue || integer > ulong.MaxValue)
            {
                problem = "integer overflow: " + GoText.Quote(text);
                return false;
            }
            if (integer > long.MaxValue) problem = text + " overflows int";
            else value = (long)integer;
            return true;
        }
        value = 0.0;
        if (!TryParseFloat(text, out double number) || !double.IsFinite(number))
        {
            problem = "illegal number syntax: " + GoText.Quote(text);
            return false;
        }
        value = number;
        return true;
    }

    static bool TryParseInteger(string text, out BigInteger value)
    {
        value = BigInteger.Zero;
        var digits = text.AsSpan();
        bool negative = digits.StartsWith("-");
        if (digits.Length > 0 && digits[0] is '+' or '-') digits = digits[1..];
        int radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            radix = char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'b' => 2, _ => 8 };
            digits = digits[(char.IsLetter(digits[1]) ? 2 : 1)..];
        }
        bool any = false;
        foreach (char c in digits)
        {
            if (c == '_') continue;
            int digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix) return false;
            value = value * radix + digit;
            any = true;
        }
        if (negative) value = -value;
        return any;
    }

    /// <summary>Go's strconv.ParseFloat without underscores and names; hexadecimal floats included.</summary>
    public static bool TryParseFloat(string text, out double value)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (digits.Contains('x', StringComparison.OrdinalIgnoreCase)) return TryParseHexFloat(digits, out value);
        return double.TryParse(
            digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out value) && char.IsAsciiDigit(digits.AsSpan().TrimStart("+-.")[0]);
    }

    static bool TryParseHexFloat(string text, out double value)
    {
        value = 0;
        bool negative = text[0] == '-';
        string body = text.TrimStart('+', '-');
        if (!body.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) return false;
        int mark = body.IndexOfAny(['p', 'P']);
        if (mark < 0 || !int.TryParse(body.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent))
            return false;
        bool afterPoint = false;
        foreach (char c in body.AsSpan(2, mark - 2))
        {
            if (c == '.' && !afterPoint) afterPoint = true;
            else if (!char.IsAsciiHexDigit(c)) return false;
            else
            {
                value = value * 16 + Convert.ToInt32(c.ToString(), 16);
                if (afterPoint) exponent -= 4;
            }
        }
        value = Math.ScaleB(negative ? -value : value, exponent);
        return true;
    }
}
