using System.Globalization;

namespace Vigie.Configuration.Schema;

/// <summary>Go's time.ParseDuration: <c>1h15m30.5s</c>, <c>-1.5h</c>, <c>300ms</c>; a bare number only if it is 0.</summary>
static class GoTime
{
    public static bool TryParse(string text, out TimeSpan span, out string? problem)
    {
        span = default;
        problem = null;
        int at = text.StartsWith('-') || text.StartsWith('+') ? 1 : 0;
        if (text.AsSpan(at) is "0") return true;
        double ticks = 0;
        bool isEmpty = at == text.Length;
        while (at < text.Length)
        {
            int start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            bool isNumber = double.TryParse(
                text.AsSpan(start, at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
            int unitStart = at;
            while (at < text.Length && !char.IsAsciiDigit(text[at]) && text[at] != '.') at++;
            double unit = TicksOf(text[unitStart..at]);
            if (!isNumber || unit == 0) isEmpty = true;
            ticks += number * unit;
        }
        if (isEmpty || ticks > long.MaxValue / 2)
        {
            problem = $"time: invalid duration \"{text}\"";
            return false;
        }
        span = TimeSpan.FromTicks((long)Math.Round(text.StartsWith('-') ? -ticks : ticks));
        return true;
    }

    static double TicksOf(string unit) => unit switch
    {
        "ns" => 0.01,
        "us" or "µs" or "μs" => TimeSpan.TicksPerMicrosecond,
        "ms" => TimeSpan.TicksPerMillisecond,
        "s" => TimeSpan.TicksPerSecond,
        "m" => TimeSpan.TicksPerMinute,
        "h" => TimeSpan.TicksPerHour,
        _ => 0,
    };
}
