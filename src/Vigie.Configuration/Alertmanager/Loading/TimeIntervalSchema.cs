using System.Globalization;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>Time intervals (Alertmanager, docs/configuration.md, time_interval): keys, ranges, messages.</summary>
static class TimeIntervalSchema
{
    static readonly string[] s_weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    static readonly string[] s_months =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ];

    static SectionSchema Time { get; } = new("time_range", [Text("start_time"), Text("end_time")], static (s, reader) =>
    {
        if (s.IsZero("start_time") || s.IsZero("end_time"))
        {
            reader.Error(s, "both start and end times must be provided");
            return;
        }
        if (ReadTime(s, "start_time", reader) is { } start && ReadTime(s, "end_time", reader) is { } end && start >= end)
            reader.Error(s, "start time cannot be equal or greater than end time");
    });

    static SectionSchema Range { get; } = new("time_interval",
        [Subs("times", Time), Texts("weekdays"), Texts("days_of_month"), Texts("months"), Texts("years"), Text("location")]);

    /// <summary>The list of ranges of one named interval.</summary>
    public static Field Ranges(string key) => Subs(key, Range);

    public static IReadOnlyList<TimeRangeConfig> Build(IReadOnlyList<Section> sections, SectionReader reader) =>
        [.. sections.Select(s => Build(s, reader))];

    static TimeRangeConfig Build(Section s, SectionReader reader) => new()
    {
        Times = [.. s.Subs("times").Select(t => new InclusiveRange(Minutes(t.Text("start_time")) ?? 0, Minutes(t.Text("end_time")) ?? 0))],
        Weekdays = ReadRanges(s, "weekdays", reader, static text => ReadName(text, s_weekdays, 0, "weekday"), static (begin, end) =>
            begin > end ? "start day cannot be before end day" : null),
        DaysOfMonth = ReadRanges(s, "days_of_month", reader, ReadDay, ProblemOfDays),
        Months = ReadRanges(s, "months", reader, ReadMonth, static (begin, end) =>
            begin > end ? $"end month {end} is before start month {begin}" : null),
        Years = ReadRanges(s, "years", reader, ReadYear, static (begin, end) =>
            begin > end ? $"end year {end} is before start year {begin}" : null),
        Location = ReadLocation(s, reader),
    };

    static int? ReadTime(Section s, string key, SectionReader reader)
    {
        int? minutes = Minutes(s.Text(key));
        if (minutes is null) reader.Error(s, key, $"couldn't parse timestamp {s.Text(key)}, invalid format");
        return minutes;
    }

    /// <summary>HH:MM from 00:00 to 24:00.</summary>
    static int? Minutes(string text)
    {
        if (text.Length != 5 || text[2] != ':') return null;
        if (!int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int hours)) return null;
        if (!int.TryParse(text.AsSpan(3, 2), NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)) return null;
        return minutes > 59 || hours > 24 || (hours == 24 && minutes > 0) ? null : hours * 60 + minutes;
    }

    /// <summary>Reads <c>a</c> and <c>a:b</c>.</summary>
    static List<InclusiveRange> ReadRanges(
        Section s, string key, SectionReader reader, Func<string, int> read, Func<int, int, string?> problemOf)
    {
        var ranges = new List<InclusiveRange>();
        var texts = s.Texts(key);
        for (int i = 0; i < texts.Count; i++)
        {
            var list = s.NodeOf(key);
            var node = list.Kind == ConfigNodeKind.List ? list.Items[i] : list;
            try
            {
                string[] parts = texts[i].ToLowerInvariant().Split(':');
                if (parts.Length > 2) throw new FormatException($"couldn't parse range {texts[i]}, invalid format");
                int begin = read(parts[0]), end = parts.Length == 2 ? read(parts[1]) : begin;
                if (problemOf(begin, end) is { } problem) throw new FormatException(problem);
                ranges.Add(new InclusiveRange(begin, end));
            }
            catch (FormatException problem)
            {
                reader.Error(node, $"{s.PathOf(key)}[{i}]", problem.Message);
            }
        }
        return ranges;
    }

    static int ReadName(string text, string[] names, int first, string kind)
    {
        int at = Array.IndexOf(names, text);
        return at >= 0 ? at + first : throw new FormatException($"{text} is not a valid {kind}");
    }

    /// <summary>By name or number. Upstream takes any number here, so that 13 is a month that never comes.</summary>
    static int ReadMonth(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number
            : ReadName(text, s_months, 1, "month");

    static int ReadYear(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int year)
        ? year : throw new FormatException($"{text} is not a valid year");

    static int ReadDay(string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int day))
            throw new FormatException($"{text} is not a valid day of the month");
        return day is 0 or < -31 or > 31 ? throw new FormatException($"{day} is not a valid day of the month: out of range") : day;
    }

    static string? ProblemOfDays(int begin, int end)
    {
        if (begin < 0 && end > 0) return "end day must be negative if start day is negative";
        // The furthest apart two days can be: a negative one counts from the end of a month of 31 days.
        int latestEnd = end < 0 ? 31 + end + 1 : end, earliestBegin = begin < 0 ? 31 + begin + 1 : begin;
        return earliestBegin > latestEnd ? $"end day {end} is always before start day {begin}" : null;
    }

    static TimeZoneInfo ReadLocation(Section s, SectionReader reader)
    {
        string name = s.Text("location");
        switch (name)
        {
            case "" or "UTC": return TimeZoneInfo.Utc;
            case "Local": return TimeZoneInfo.Local;
        }
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        reader.Error(s, "location", $"unknown time zone {name}");
        return TimeZoneInfo.Utc;
    }
}
