using Vigie.Configuration.Alertmanager;

namespace Vigie.Alerting;

/// <summary>The named time intervals of a configuration. Immutable.</summary>
sealed class TimeIntervalSet(IReadOnlyDictionary<string, TimeIntervalConfig> intervals)
{
    /// <summary>Which of the named intervals contain a moment.</summary>
    public IReadOnlyList<string> Containing(IReadOnlyList<string> names, DateTimeOffset moment) =>
        names.Count == 0 ? [] : [.. names.Where(name => intervals.TryGetValue(name, out var interval) && Contains(interval.Ranges, moment))];

    /// <summary>
    /// The intervals that mute a route at a moment: those that contain it, or, for a route with active intervals none of which contains it,
    /// all of these.
    /// </summary>
    public IReadOnlyList<string> Muting(RouteOptions route, DateTimeOffset moment)
    {
        if (route.ActiveTimeIntervals.Count > 0 && Containing(route.ActiveTimeIntervals, moment).Count == 0) return route.ActiveTimeIntervals;
        return Containing(route.MuteTimeIntervals, moment);
    }

    public static bool Contains(IReadOnlyList<TimeRangeConfig> ranges, DateTimeOffset moment) =>
        ranges.Any(range => Contains(range, TimeZoneInfo.ConvertTime(moment, range.Location)));

    static bool Contains(TimeRangeConfig range, DateTimeOffset wall)
    {
        int minutes = wall.Hour * 60 + wall.Minute;
        int daysInMonth = DateTime.DaysInMonth(wall.Year, wall.Month);
        return (range.Times.Count == 0 || range.Times.Any(time => minutes >= time.Begin && minutes < time.End))
            && (range.DaysOfMonth.Count == 0 || range.DaysOfMonth.Any(days => IsInMonth(days, wall.Day, daysInMonth)))
            && IsWithin(range.Months, wall.Month)
            && IsWithin(range.Weekdays, (int)wall.DayOfWeek)
            && IsWithin(range.Years, wall.Year);
    }

    static bool IsWithin(IReadOnlyList<InclusiveRange> ranges, int value) =>
        ranges.Count == 0 || ranges.Any(range => value >= range.Begin && value <= range.End);

    /// <summary>Negative days count from the end; a range is cut to the month, and one that lies wholly outside does not match.</summary>
    static bool IsInMonth(InclusiveRange days, int day, int daysInMonth)
    {
        int begin = days.Begin < 0 ? daysInMonth + days.Begin + 1 : days.Begin;
        int end = days.End < 0 ? daysInMonth + days.End + 1 : days.End;
        if (begin > daysInMonth || end < 1) return false;
        return day >= Math.Max(begin, 1) && day <= Math.Min(end, daysInMonth);
    }
}
