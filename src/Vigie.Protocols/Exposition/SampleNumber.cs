using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Vigie.Protocols.Exposition;

/// <summary>Sample values as Go's strconv reads and writes them, on UTF-8 bytes.</summary>
public static class SampleNumber
{
    /// <summary>Room that <see cref="Format"/> never exceeds.</summary>
    public const int LengthMax = 32;

    static double CanonicalNaN => Model.StaleMarker.NormalNaN;

    // Powers of ten that a double holds exactly: a mantissa below 2^53 scaled by one of them rounds once, hence correctly (Clinger 1990).
    static readonly double[] ExactPowers =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>Reads a whole number text; false if the fast rules do not cover it (<see cref="Parse"/> then decides).</summary>
    internal static bool TryParseSimple(ReadOnlySpan<byte> text, out double value)
    {
        value = 0;
        int at = 0;
        bool negative = false;
        if (text.Length == 0) return false;
        if (text[0] is (byte)'-' or (byte)'+') negative = text[at++] == '-';
        ulong mantissa = 0;
        int digits = 0, scale = 0;
        int start = at;
        for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++) mantissa = unchecked(mantissa * 10 + (uint)(text[at] - '0'));
        digits = at - start;
        if (at < text.Length && text[at] == '.')
        {
            int fraction = ++at;
            for (; at < text.Length && char.IsAsciiDigit((char)text[at]); at++) mantissa = unchecked(mantissa * 10 + (uint)(text[at] - '0'));
            scale = -(at - fraction);
            digits += at - fraction;
        }
        if (digits is 0 or > 19) return false;
        if (at < text.Length)
        {
            if ((text[at] | 0x20) != 'e' || ++at == text.Length) return false;
            bool down = text[at] == '-';
            if (text[at] is (byte)'-' or (byte)'+') at++;
            if (text.Length - at is 0 or > 3) return false;
            int exponent = 0;
            for (; at < text.Length; at++)
            {
                if (!char.IsAsciiDigit((char)text[at])) return false;
                exponent = exponent * 10 + (text[at] - '0');
            }
            scale += down ? -exponent : exponent;
        }
        if (mantissa > 1UL << 53 || scale is < -22 or > 22) return false;
        double result = scale < 0 ? mantissa / ExactPowers[-scale] : mantissa * ExactPowers[scale];
        value = negative ? -result : result;
        return true;
    }

    /// <returns>Null if <paramref name="text"/> is a number; else the problem in the words of Prometheus.</returns>
    public static string? Parse(ReadOnlySpan<byte> text, out double value)
    {
        if (TryParseSimple(text, out value)) return null;
        if (text.IndexOfAny("pP_"u8) >= 0) return "unsupported character in float";
        if (TryParseSpecial(text, out value)) return null;
        if (!IsDecimal(text) || !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
            return $"strconv.ParseFloat: parsing {ExpositionException.Quote(text)}: invalid syntax";
        return double.IsInfinity(value) ? $"strconv.ParseFloat: parsing {ExpositionException.Quote(text)}: value out of range" : null;
    }

    static bool TryParseSpecial(ReadOnlySpan<byte> text, out double value)
    {
        value = CanonicalNaN;
        if (Ascii.EqualsIgnoreCase(text, "nan"u8)) return true;
        value = double.PositiveInfinity;
        if (text.Length > 0 && text[0] is (byte)'+' or (byte)'-')
        {
            if (text[0] == '-') value = double.NegativeInfinity;
            text = text[1..];
        }
        return Ascii.EqualsIgnoreCase(text, "inf"u8) || Ascii.EqualsIgnoreCase(text, "infinity"u8);
    }

    static bool IsDecimal(ReadOnlySpan<byte> text)
    {
        bool digit = false;
        foreach (byte c in text)
        {
            if (char.IsAsciiDigit((char)c)) digit = true;
            else if (c is not ((byte)'+' or (byte)'-' or (byte)'.' or (byte)'e' or (byte)'E')) return false;
        }
        return digit;
    }

    /// <summary>
    /// Writes the shortest digits that read back to <paramref name="value"/>, in the layout of Go's 'g' format: with an exponent below
    /// 1e-04 and from <paramref name="exponentFrom"/> on.
    /// </summary>
    /// <param name="exponentFrom">Smallest decimal exponent written in scientific form, as in strconv.FormatFloat(v, 'g', -1, 64).</param>
    /// <returns>Bytes written.</returns>
    public static int Format(double value, Span<byte> destination, int exponentFrom = 6)
    {
        if (double.IsNaN(value)) return Copy("NaN"u8, destination);
        if (double.IsInfinity(value)) return Copy(value > 0 ? "+Inf"u8 : "-Inf"u8, destination);
        if (Math.Abs(value) < 1e6 && value == (int)value && (value != 0 || !double.IsNegative(value)))
        {
            Utf8Formatter.TryFormat((int)value, destination, out int written);
            return written;
        }
        Span<byte> digits = stackalloc byte[LengthMax];
        Shortest(value, digits, out int count, out int exponent);
        int at = 0;
        if (double.IsNegative(value)) destination[at++] = (byte)'-';
        digits = digits[..count];
        if (exponent < -4 || exponent >= exponentFrom) return at + Scientific(digits, exponent, destination[at..]);
        if (exponent < 0)
        {
            at += Copy("0."u8, destination[at..]);
            destination.Slice(at, -exponent - 1).Fill((byte)'0');
            at += -exponent - 1;
            return at + Copy(digits, destination[at..]);
        }
        int whole = exponent + 1;
        if (count <= whole)
        {
            at += Copy(digits, destination[at..]);
            destination.Slice(at, whole - count).Fill((byte)'0');
            return at + whole - count;
        }
        at += Copy(digits[..whole], destination[at..]);
        destination[at++] = (byte)'.';
        return at + Copy(digits[whole..], destination[at..]);
    }

    /// <summary>The canonical form of <c>le</c> and <c>quantile</c> values and of OpenMetrics values: 1 is written 1.0.</summary>
    public static int FormatOpenMetrics(double value, Span<byte> destination)
    {
        int length = Format(value, destination);
        if (!double.IsFinite(value) || destination[..length].IndexOfAny((byte)'.', (byte)'e') >= 0) return length;
        return length + Copy(".0"u8, destination[length..]);
    }

    // "1.234E-05" or "123.4" from the framework's shortest form to digits 1234 and the exponent of the first one.
    static void Shortest(double value, Span<byte> digits, out int count, out int exponent)
    {
        Span<byte> text = stackalloc byte[LengthMax];
        Math.Abs(value).TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        text = text[..length];
        count = 0;
        exponent = 0;
        int e = text.IndexOf((byte)'E');
        if (e >= 0)
        {
            Utf8Parser.TryParse(text[(e + 1)..], out exponent, out _);
            text = text[..e];
        }
        int point = text.IndexOf((byte)'.');
        if (point < 0) point = text.Length;
        bool leading = true;
        for (int i = 0; i < text.Length; i++)
        {
            if (i == point) continue;
            if (leading && text[i] == '0') continue;
            if (leading) exponent += point - i - (i < point ? 1 : 0);
            leading = false;
            digits[count++] = text[i];
        }
        while (count > 1 && digits[count - 1] == '0') count--;
        if (count == 0) digits[count++] = (byte)'0';
    }

    static int Scientific(ReadOnlySpan<byte> digits, int exponent, Span<byte> destination)
    {
        int at = 0;
        destination[at++] = digits[0];
        if (digits.Length > 1)
        {
            destination[at++] = (byte)'.';
            at += Copy(digits[1..], destination[at..]);
        }
        destination[at++] = (byte)'e';
        destination[at++] = exponent < 0 ? (byte)'-' : (byte)'+';
        exponent = Math.Abs(exponent);
        if (exponent < 10) destination[at++] = (byte)'0';
        Utf8Formatter.TryFormat(exponent, destination[at..], out int written);
        return at + written;
    }

    static int Copy(ReadOnlySpan<byte> from, Span<byte> to)
    {
        from.CopyTo(to);
        return from.Length;
    }
}
