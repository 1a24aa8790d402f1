using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>Floating-point numbers read and printed as Go's strconv does, which Prometheus' formats and messages show.</summary>
/// <remarks>All forms print the shortest digits that read back to the same number; NaN, +Inf and -Inf are written so.</remarks>
public static class GoNumber
{
    /// <summary>Never an exponent: <c>strconv.FormatFloat(v, 'f', -1, 64)</c>. Label values made from numbers, PromQL's printing.</summary>
    public static string FormatFixed(double value) => Special(value) ?? Digits.Of(value).Fixed();

    /// <summary>
    /// <c>%v</c> and <c>%g</c> of a Go float, strconv's 'g': an exponent below 1e-4 and from 1e+06: <c>0.0001</c>, <c>1.5e+06</c>.
    /// </summary>
    public static string FormatGeneral(double value)
    {
        if (Special(value) is { } special) return special;
        var digits = Digits.Of(value);
        int exponent = digits.Point - 1;
        return exponent is < -4 or >= 6 ? digits.Exponential() : digits.Fixed();
    }

    /// <summary>Sample values of the HTTP API: an exponent below 1e-6 and from 1e21, else none.</summary>
    public static string FormatSample(double value)
    {
        if (Special(value) is { } special) return special;
        double magnitude = Math.Abs(value);
        var digits = Digits.Of(value);
        return magnitude != 0 && magnitude is < 1e-6 or >= 1e21 ? digits.Exponential() : digits.Fixed();
    }

    /// <summary>Longest text of <see cref="FormatSample(double, Span{byte})"/>: sign, 17 digits and what may stand before or between them.</summary>
    public const int SampleBytesMax = 32;

    /// <summary>Like <see cref="FormatSample(double)"/>, as UTF-8 and without a string for all usual magnitudes.</summary>
    /// <param name="output">At least <see cref="SampleBytesMax"/> long.</param>
    /// <returns>The number of bytes written.</returns>
    public static int FormatSample(double value, Span<byte> output)
    {
        int written;
        double magnitude = Math.Abs(value);
        if (magnitude < 1e15 && value == Math.Truncate(value) && (value != 0 || !double.IsNegative(value)))
        {
            Utf8Formatter.TryFormat((long)value, output, out written);
            return written;
        }
        if (magnitude is not (>= 1e-6 and < 1e15)) return Encoding.ASCII.GetBytes(FormatSample(value), output);

        int at = 0;
        if (value < 0) output[at++] = (byte)'-';
        var (digits, exponent) = ShortestDecimal.Of(magnitude);
        Utf8Formatter.TryFormat(digits, output[at..], out written);
        // Below 10^15 and not whole: the point stands before the last digit.
        int whole = written + exponent;
        int zeros = Math.Max(0, 1 - whole);
        if (zeros > 0)
        {
            output.Slice(at, written).CopyTo(output[(at + zeros)..]);
            output.Slice(at, zeros).Fill((byte)'0');
            written += zeros;
            whole = 1;
        }
        output.Slice(at + whole, written - whole).CopyTo(output[(at + whole + 1)..]);
        output[at + whole] = (byte)'.';
        return at + written + 1;
    }

    /// <summary>Always an exponent: <c>strconv.FormatFloat(v, 'e', -1, 64)</c>. Values of alerts in the HTTP API: <c>1e+00</c>.</summary>
    public static string FormatExponential(double value) => Special(value) ?? Digits.Of(value).Exponential();

    /// <summary>Values of <c>le</c> and <c>quantile</c> labels (OpenMetrics): <c>%g</c>, whole numbers with <c>.0</c>.</summary>
    public static string FormatBound(double value)
    {
        string text = FormatGeneral(value);
        return double.IsFinite(value) && !text.AsSpan().ContainsAny('.', 'e') ? text + ".0" : text;
    }

    /// <summary>A timestamp in seconds with the milliseconds if there are any: <c>1.001</c>, <c>-0.001</c>, <c>1700000000</c>.</summary>
    public static string FormatTimestamp(long timestampMs)
    {
        ulong magnitude = timestampMs < 0 ? unchecked(0ul - (ulong)timestampMs) : (ulong)timestampMs;
        string sign = timestampMs < 0 ? "-" : "";
        ulong fraction = magnitude % 1000;
        return fraction == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{magnitude / 1000}")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{magnitude / 1000}.{fraction:000}");
    }

    /// <summary>
    /// What <c>strconv.ParseFloat</c> takes: decimal and hexadecimal floats, <c>Inf</c>, <c>Infinity</c> and <c>NaN</c> in any case. A
    /// number beyond the range of a double is refused, as there.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        if (text.IsEmpty) return false;
        bool negative = text[0] == '-';
        var magnitude = text[0] is '-' or '+' ? text[1..] : text;
        if (magnitude.Equals("inf", StringComparison.OrdinalIgnoreCase) || magnitude.Equals("infinity", StringComparison.OrdinalIgnoreCase))
        {
            value = negative ? double.NegativeInfinity : double.PositiveInfinity;
            return true;
        }
        if (text.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            value = StaleMarker.NormalNaN;
            return true;
        }
        if (magnitude.IsEmpty || (!char.IsAsciiDigit(magnitude[0]) && magnitude[0] != '.')) return false;
        if (magnitude.Length > 2 && magnitude[0] == '0' && magnitude[1] is 'x' or 'X')
        {
            if (!HexadecimalFloat.TryParse(magnitude[2..], out value)) return false;
        }
        else
        {
            const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (!double.TryParse(magnitude, Styles, CultureInfo.InvariantCulture, out value)) return false;
        }
        if (negative) value = -value;
        return double.IsFinite(value);
    }

    static string? Special(double value) =>
        double.IsNaN(value) ? "NaN" : double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : null;

    /// <summary>Value = 0.d₁d₂d₃… × 10^Point.</summary>
    readonly record struct Digits(bool Negative, string Text, int Point)
    {
        public static Digits Of(double value)
        {
            if (value == 0) return new Digits(double.IsNegative(value), "0", 1);
            var (digits, exponent) = ShortestDecimal.Of(Math.Abs(value));
            string text = digits.ToString(CultureInfo.InvariantCulture);
            return new Digits(value < 0, text, text.Length + exponent);
        }

        public string Fixed()
        {
            string sign = Negative ? "-" : "";
            if (Point <= 0) return sign + "0." + new string('0', -Point) + Text;
            if (Point >= Text.Length) return sign + Text + new string('0', Point - Text.Length);
            return sign + Text[..Point] + "." + Text[Point..];
        }

        public string Exponential()
        {
            int exponent = Point - 1;
            string mantissa = Text.Length == 1 ? Text : Text[..1] + "." + Text[1..];
            return string.Create(CultureInfo.InvariantCulture,
                $"{(Negative ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }
    }
}
