using System.Globalization;
using System.Text;

namespace Vigie.Model;

/// <summary>
/// Durations as Prometheus writes them in configuration and queries (<c>1h30m</c>) and as Go prints them (<c>1h30m0s</c>).
/// </summary>
/// <remarks>Prometheus' units: y (365 d), w, d, h, m, s, ms; each at most once and in that order; whole numbers only.</remarks>
public static class GoDuration
{
    /// <summary>The greatest duration Go can hold (int64 nanoseconds), in seconds.</summary>
    public const double SecondsMax = 9223372036.854775807;

    const long MsMax = 9223372036854;

    static readonly (string Name, long Ms)[] s_units =
    [
        ("y", 365L * 86_400_000), ("w", 7L * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ];

    /// <exception cref="FormatException">Not a duration; the message is Prometheus'.</exception>
    public static long ParseMs(string text) => TryParseMs(text, out long ms, out string? problem) ? ms : throw new FormatException(problem);

    public static TimeSpan Parse(string text) => TimeSpan.FromMilliseconds(ParseMs(text));

    public static bool TryParseMs(string text, out long ms) => TryParseMs(text, out ms, out _);

    /// <summary>Parses a duration such as <c>5m</c> or <c>1d12h</c>; <c>0</c> needs no unit.</summary>
    /// <param name="problem">Prometheus' message if it is not a duration.</param>
    public static bool TryParseMs(string text, out long ms, out string? problem)
    {
        ms = 0;
        problem = null;
        if (text.Length == 0) return Refuse("empty duration string", out ms, out problem);
        if (text == "0") return true;

        int at = 0, unitsDone = 0;
        while (at < text.Length)
        {
            int digits = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            int unitStart = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at])) at++;
            string unit = text[unitStart..at];
            if (digits == unitStart || unit.Length == 0) return Refuse(NotADuration(text), out ms, out problem);
            int index = Array.FindIndex(s_units, u => u.Name == unit);
            if (index < 0) return Refuse($"unknown unit {GoText.Quote(unit)} in duration {GoText.Quote(text)}", out ms, out problem);
            if (index < unitsDone) return Refuse(NotADuration(text), out ms, out problem);
            unitsDone = index + 1;
            if (!long.TryParse(text.AsSpan(digits, unitStart - digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count)
                || count > (MsMax - ms) / s_units[index].Ms)
                return Refuse("duration out of range", out ms, out problem);
            ms += count * s_units[index].Ms;
        }
        return true;
    }

    /// <summary>
    /// Like <see cref="TryParseMs(string, out long, out string?)"/>, with an optional leading minus (templates, offsets).
    /// </summary>
    public static bool TryParseSignedMs(string text, out long ms, out string? problem)
    {
        bool negative = text.StartsWith('-');
        if (!TryParseMs(negative ? text[1..] : text, out ms, out problem)) return false;
        if (negative) ms = -ms;
        return true;
    }

    /// <summary>Prometheus' form: <c>1d12h</c>, <c>1m30s</c>, <c>0s</c>. Weeks and years only if nothing is left over.</summary>
    public static string Format(long ms)
    {
        if (ms == 0) return "0s";
        var text = new StringBuilder();
        if (ms < 0) text.Append('-');
        ulong rest = ms < 0 ? unchecked(0ul - (ulong)ms) : (ulong)ms;
        foreach (var (name, unitMs) in s_units)
        {
            ulong unit = (ulong)unitMs;
            if (name is "y" or "w" && rest % unit != 0) continue;
            ulong count = rest / unit;
            if (count == 0) continue;
            text.Append(CultureInfo.InvariantCulture, $"{count}{name}");
            rest -= count * unit;
        }
        return text.ToString();
    }

    public static string Format(TimeSpan duration) => Format((long)duration.TotalMilliseconds);

    /// <summary>Go's own form of a time.Duration: <c>1h30m0s</c>, <c>1.5s</c>, <c>250ms</c>, <c>0s</c>.</summary>
    /// <param name="nanoseconds">Of the duration.</param>
    public static string FormatGo(long nanoseconds)
    {
        if (nanoseconds == 0) return "0s";
        string sign = nanoseconds < 0 ? "-" : "";
        ulong rest = nanoseconds < 0 ? unchecked(0ul - (ulong)nanoseconds) : (ulong)nanoseconds;
        if (rest < 1_000_000_000)
        {
            var (unit, digits) = rest < 1000 ? ("ns", 0) : rest < 1_000_000 ? ("\u00b5s", 3) : ("ms", 6);
            return sign + Fraction(rest, digits) + unit;
        }
        ulong minutes = rest / 60_000_000_000;
        string seconds = Fraction(rest % 60_000_000_000, 9) + "s";
        if (minutes == 0) return sign + seconds;
        return minutes < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes}m{seconds}")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{minutes / 60}h{minutes % 60}m{seconds}");
    }

    public static string FormatGo(TimeSpan duration) => FormatGo(checked(duration.Ticks * 100));

    static string Fraction(ulong value, int digits)
    {
        string text = value.ToString(CultureInfo.InvariantCulture).PadLeft(digits + 1, '0');
        string fraction = text[^digits..].TrimEnd('0');
        return digits == 0 ? text : fraction.Length == 0 ? text[..^digits] : text[..^digits] + "." + fraction;
    }

    static string NotADuration(string text) => $"not a valid duration string: {GoText.Quote(text)}";

    static bool Refuse(string reason, out long ms, out string? problem)
    {
        ms = 0;
        problem = reason;
        return false;
    }
}
