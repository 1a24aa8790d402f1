using System.Globalization;

namespace Vigie.Model;

/// <summary>Numbers for people, as Prometheus' template functions print them (prometheus, template/template.go).</summary>
static class Humanize
{
    static readonly string[] s_large = ["k", "M", "G", "T", "P", "E", "Z", "Y"];
    static readonly string[] s_small = ["m", "u", "n", "p", "f", "a", "z", "y"];
    static readonly string[] s_binary = ["ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"];

    /// <summary>The number of a float, integer, duration (in seconds) or text.</summary>
    public static double Number(object? value) => value switch
    {
        double number => number,
        TemplateDuration duration => duration.Seconds,
        ulong number => number,
        string text => Parse(text),
        _ when TemplateValue.TryInteger(value, out long integer) => integer,
        _ => throw new TemplateFunctionException($"can't convert {TemplateValue.TypeName(value)} to float"),
    };

    /// <summary>As strconv.ParseFloat, except that hexadecimal needs its exponent.</summary>
    static double Parse(string text)
    {
        // Go allows underscores only where its numbers do, which ParseFloat checks with base prefixes only; Prometheus' tests accept 1_000.
        bool hexWithoutExponent = text.Contains('x', StringComparison.OrdinalIgnoreCase) && !text.Contains('p', StringComparison.OrdinalIgnoreCase);
        if (!hexWithoutExponent && GoNumber.TryParse(text.Replace("_", "", StringComparison.Ordinal), out double value)) return value;
        throw new TemplateFunctionException($"strconv.ParseFloat: parsing {GoText.Quote(text)}: invalid syntax");
    }

    public static string Decimal(double value)
    {
        if (value == 0 || !double.IsFinite(value)) return Significant(value);
        string prefix = "";
        if (Math.Abs(value) >= 1)
        {
            foreach (string p in s_large)
            {
                if (Math.Abs(value) < 1000) break;
                prefix = p;
                value /= 1000;
            }
        }
        else
        {
            foreach (string p in s_small)
            {
                if (Math.Abs(value) >= 1) break;
                prefix = p;
                value *= 1000;
            }
        }
        return Significant(value) + prefix;
    }

    public static string Binary(double value)
    {
        if (Math.Abs(value) <= 1 || !double.IsFinite(value)) return Significant(value);
        string prefix = "";
        foreach (string p in s_binary)
        {
            if (Math.Abs(value) < 1024) break;
            prefix = p;
            value /= 1024;
        }
        return Significant(value) + prefix;
    }

    public static string Percentage(double ratio) => Significant(ratio * 100) + "%";

    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds)) return Significant(seconds);
        if (seconds == 0) return "0s";
        if (Math.Abs(seconds) >= 1)
        {
            string sign = seconds < 0 ? "-" : "";
            double magnitude = Math.Abs(seconds);
            long whole = ToInt64(magnitude);
            long s = whole % 60, m = whole / 60 % 60, h = whole / 3600 % 24, d = whole / 86400;
            var culture = CultureInfo.InvariantCulture;
            if (d != 0) return string.Create(culture, $"{sign}{d}d {h}h {m}m {s}s");
            if (h != 0) return string.Create(culture, $"{sign}{h}h {m}m {s}s");
            if (m != 0) return string.Create(culture, $"{sign}{m}m {s}s");
            return sign + GoFloat.Format(magnitude, 'g', 4) + "s";
        }
        string prefix = "";
        foreach (string p in s_small)
        {
            if (Math.Abs(seconds) >= 1) break;
            prefix = p;
            seconds *= 1000;
        }
        return Significant(seconds) + prefix + "s";
    }

    /// <summary>Go's conversion on amd64: what does not fit becomes the least int64.</summary>
    static long ToInt64(double value) => value is >= -9.2233720368547758e18 and < 9.2233720368547758e18 ? (long)value : long.MinValue;

    /// <summary>The instant of a Unix time in seconds, to the millisecond.</summary>
    public static TemplateTime Time(double seconds)
    {
        double nanoseconds = seconds * 1e9;
        if (nanoseconds is > long.MaxValue or < long.MinValue)
            throw new TemplateFunctionException(
                $"{GoNumber.FormatGeneral(seconds)} cannot be represented as a nanoseconds timestamp since it overflows int64");
        long milliseconds = (long)nanoseconds / 1_000_000;
        return new TemplateTime(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
    }

    public static string Timestamp(double seconds) => double.IsFinite(seconds) ? Time(seconds).ToString() : Significant(seconds);

    static string Significant(double value) => GoFloat.Format(value, 'g', 4);
}
