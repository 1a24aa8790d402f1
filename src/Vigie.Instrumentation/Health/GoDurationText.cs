using System.Globalization;

namespace Vigie.Instrumentation;

/// <summary>Durations as Go's <c>time.Duration.String</c> prints them: "1h2m3.5s", "1.5ms", "0s".</summary>
static class GoDurationText
{
    const long NanosecondsPerTick = 100;

    public static string Of(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        var sign = duration < TimeSpan.Zero ? "-" : "";
        duration = duration.Duration();
        if (duration < TimeSpan.FromSeconds(1))
        {
            var nanoseconds = duration.Ticks * NanosecondsPerTick;
            return sign + nanoseconds switch
            {
                < 1000 => Number(nanoseconds) + "ns",
                < 1_000_000 => Number(nanoseconds / 1e3m) + "µs",
                _ => Number(nanoseconds / 1e6m) + "ms",
            };
        }
        var hours = (long)duration.TotalHours;
        var seconds = Number(duration.Seconds + (duration.Ticks % TimeSpan.TicksPerSecond / (decimal)TimeSpan.TicksPerSecond)) + "s";
        if (hours > 0) return $"{sign}{hours}h{duration.Minutes}m{seconds}";
        return duration.Minutes > 0 ? $"{sign}{duration.Minutes}m{seconds}" : sign + seconds;
    }

    static string Number(decimal value) => value.ToString("0.#########", CultureInfo.InvariantCulture);
}
