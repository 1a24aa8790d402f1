using System.Buffers;
using System.Globalization;

namespace Vigie.Configuration.Yaml;

/// <summary>What a scalar without quotes means, by the rules of go-yaml v2, which Prometheus and Alertmanager read their files
/// with.</summary>
static class PlainScalar
{
    static readonly SearchValues<char> s_base60Digits = SearchValues.Create("0123456789_");

    public static bool IsNull(string text) => text is "" or "~" or "null" or "Null" or "NULL";

    public static bool TryReadBool(string text, out bool value)
    {
        value = text is "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON";
        return value || text is "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF";
    }

    public static bool TryReadInteger(string text, out Int128 value)
    {
        value = 0;
        string plain = text.Replace("_", "", StringComparison.Ordinal);
        bool negative = plain.StartsWith('-');
        var digits = plain.AsSpan(negative || plain.StartsWith('+') ? 1 : 0);
        bool isRead;
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            isRead = Int128.TryParse("0" + digits[2..].ToString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
                && digits.Length > 2;
        else if (digits.StartsWith("0b", StringComparison.Ordinal)) isRead = TryReadRadix(digits[2..], 2, out value);
        else if (digits.StartsWith("0o", StringComparison.Ordinal)) isRead = TryReadRadix(digits[2..], 8, out value);
        else if (digits.Length > 1 && digits[0] == '0' && TryReadRadix(digits[1..], 8, out value)) isRead = true;
        else isRead = Int128.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        if (negative) value = -value;
        return isRead;
    }

    static bool TryReadRadix(ReadOnlySpan<char> digits, int radix, out Int128 value)
    {
        value = 0;
        if (digits.Length is 0 or > 64) return false;
        foreach (char digit in digits)
        {
            if (digit < '0' || digit >= '0' + radix) return false;
            value = value * radix + (digit - '0');
        }
        return true;
    }

    public static bool TryReadNumber(string text, out double value)
    {
        switch (text)
        {
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF": value = double.PositiveInfinity; return true;
            case "-.inf" or "-.Inf" or "-.INF": value = double.NegativeInfinity; return true;
            case ".nan" or ".NaN" or ".NAN": value = double.NaN; return true;
        }
        if (TryReadInteger(text, out var integer))
        {
            value = (double)integer;
            return true;
        }
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return double.TryParse(text.Replace("_", "", StringComparison.Ordinal), Style, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>Whether a text written without quotes would be read back as something else than text.</summary>
    public static bool MeansOtherThanText(string text) =>
        IsNull(text) || TryReadBool(text, out _) || TryReadNumber(text, out _) || text is "<<" or "=" || LooksLikeTime(text);

    /// <summary>Base 60 numbers and dates, which older readers resolve.</summary>
    static bool LooksLikeTime(string text)
    {
        if (text.Length == 0 || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')) return false;
        if (text.Length >= 8 && text.Length <= 35 && char.IsAsciiDigit(text[0]) && text.AsSpan(1).Contains('-') && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) return true;
        return IsBase60(text);
    }

    /// <summary>[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)? as in go-yaml; an address such as 127.0.0.1:9090 is none.</summary>
    static bool IsBase60(ReadOnlySpan<char> text)
    {
        if (text[0] is '-' or '+') text = text[1..];
        int point = text.IndexOf('.');
        if (point >= 0 && text[(point + 1)..].ContainsAnyExcept(s_base60Digits)) return false;
        if (point >= 0) text = text[..point];
        int colon = text.IndexOf(':');
        if (colon <= 0 || text[0] == '_' || text[..colon].ContainsAnyExcept(s_base60Digits)) return false;
        foreach (var part in text[(colon + 1)..].Split(':'))
        {
            var digits = text[(colon + 1)..][part];
            if (digits.Length is not (1 or 2) || digits.ContainsAnyExceptInRange('0', '9') || (digits.Length == 2 && digits[0] > '5')) return false;
        }
        return true;
    }
}
