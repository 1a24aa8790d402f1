using System.Globalization;
using System.Numerics;

namespace Vigie.Model;

/// <summary>Floats with a given precision as Go's strconv.FormatFloat prints them: exact decimal value, halves to even.</summary>
static class GoFloat
{
    /// <param name="verb">e, E, f, F, g or G.</param>
    /// <param name="precision">Digits after the point (e, f), significant digits (g); −1: the fewest that read back.</param>
    public static string Format(double value, char verb, int precision)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        string sign = double.IsNegative(value) ? "-" : "";
        value = Math.Abs(value);
        string text = char.ToLowerInvariant(verb) switch
        {
            'e' => Exponential(precision < 0 ? Shortest(value) : Round(value, precision + 1, afterPoint: null), precision),
            'f' => precision < 0 ? GoNumber.FormatFixed(value) : Fixed(Round(value, 0, precision), precision),
            _ => General(value, precision),
        };
        return sign + (char.IsUpper(verb) ? text.ToUpperInvariant() : text);
    }

    static string General(double value, int precision)
    {
        if (precision < 0) return GoNumber.FormatGeneral(value);
        if (precision == 0) precision = 1;
        var rounded = Round(value, precision, afterPoint: null);
        string digits = rounded.Digits.TrimEnd('0');
        rounded = (digits.Length == 0 ? "0" : digits, rounded.Point);
        int threshold = precision;
        if (threshold > digits.Length && digits.Length >= rounded.Point) threshold = digits.Length;
        int exponent = rounded.Point - 1;
        if (value != 0 && (exponent < -4 || exponent >= threshold)) return Exponential(rounded, -1);
        return Fixed(rounded, -1);
    }

    /// <summary>Value = 0.d₁d₂… × 10^Point.</summary>
    static (string Digits, int Point) Shortest(double value)
    {
        if (value == 0) return ("0", 1);
        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        for (int precision = 0; precision < 17; precision++)
        {
            string candidate = value.ToString("E" + precision, CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) != value) continue;
            text = candidate;
            break;
        }
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        string digits = text[..mark].Replace(".", "", StringComparison.Ordinal);
        return (digits, int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) + 1);
    }

    /// <summary>Rounds to a number of significant digits, or of digits after the point if that is given.</summary>
    static (string Digits, int Point) Round(double value, int significant, int? afterPoint)
    {
        if (value == 0) return ("0", 1);
        var (digits, point) = Exact(value);
        int keep = afterPoint is { } places ? point + places : significant;
        if (keep < 0) return ("0", 1);
        if (keep >= digits.Length) return (digits, point);
        bool up = digits[keep] > '5'
            || (digits[keep] == '5' && (digits.AsSpan(keep + 1).ContainsAnyExcept('0') || (keep > 0 && (digits[keep - 1] - '0') % 2 == 1)));
        string kept = digits[..keep];
        if (!up) return kept.Length == 0 ? ("0", 1) : (kept, point);
        string increased = (BigInteger.Parse("0" + kept, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
        increased = increased.PadLeft(keep, '0');
        return (increased, point + increased.Length - keep);
    }

    /// <summary>All digits of the binary value.</summary>
    static (string Digits, int Point) Exact(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52) & 0x7ff;
        long mantissa = bits & 0xfffffffffffff;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        exponent -= 1075;
        var scaled = exponent >= 0 ? new BigInteger(mantissa) << exponent : new BigInteger(mantissa) * BigInteger.Pow(5, -exponent);
        string digits = scaled.ToString(CultureInfo.InvariantCulture);
        return (digits, digits.Length - (exponent >= 0 ? 0 : -exponent));
    }

    static string Exponential((string Digits, int Point) number, int precision)
    {
        string digits = precision < 0 ? number.Digits.TrimEnd('0') : number.Digits.PadRight(precision + 1, '0')[..(precision + 1)];
        if (digits.Length == 0) digits = "0";
        int exponent = number.Point - 1;
        string fraction = digits.Length > 1 ? "." + digits[1..] : "";
        return string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
    }

    static string Fixed((string Digits, int Point) number, int precision)
    {
        var (digits, point) = number;
        string whole = point <= 0 ? "0" : digits.Length >= point ? digits[..point] : digits.PadRight(point, '0');
        string fraction = point <= 0 ? new string('0', -point) + digits : digits.Length > point ? digits[point..] : "";
        if (precision >= 0) fraction = fraction.PadRight(precision, '0')[..precision];
        return fraction.Length == 0 ? whole : whole + "." + fraction;
    }
}
