using System.Globalization;

namespace Vigie.Model;

/// <summary>Go's time.Time with its usual methods. Precision 100 ns, years 1 to 9999.</summary>
/// <param name="Zone">Where the wall clock hangs; instants compare without it.</param>
public sealed record TemplateTime(DateTimeOffset Instant, TimeZoneInfo Zone) : ITemplateMembers
{
    public TemplateTime(DateTimeOffset instant) : this(instant, TimeZoneInfo.Utc) { }

    /// <summary>January 1 of the year 1, UTC: Go's zero time.</summary>
    public static TemplateTime Zero { get; } = new(DateTimeOffset.MinValue);

    public string TypeName => "time.Time";

    public bool TakesArguments(string name) => name is "Format" or "Add" or "AddDate" or "Sub" or "Before" or "After" or "Equal";

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch
        {
            "String" => ToString(),
            "Format" => GoTimeLayout.Format(this, TemplateArguments.Text(arguments, 0)),
            "Unix" => Instant.ToUnixTimeSeconds(),
            "UnixMilli" => Instant.ToUnixTimeMilliseconds(),
            "UnixMicro" => (Instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10,
            "UnixNano" => (Instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) * 100,
            "UTC" => new TemplateTime(Instant),
            "Local" => this with { Zone = TimeZoneInfo.Local },
            "IsZero" => Instant == DateTimeOffset.MinValue,
            "Add" => this with { Instant = Shift(TemplateArguments.Nanoseconds(arguments, 0)) },
            "AddDate" => AddDate(arguments),
            "Sub" => TemplateDuration.From(Instant - TemplateArguments.Time(arguments, 0).Instant),
            "Before" => Instant < TemplateArguments.Time(arguments, 0).Instant,
            "After" => Instant > TemplateArguments.Time(arguments, 0).Instant,
            "Equal" => Instant == TemplateArguments.Time(arguments, 0).Instant,
            "Year" => (long)Wall.Year,
            "Month" => new TemplateNamedNumber("time.Month", Wall.Month, CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName(Wall.Month)),
            "Day" => (long)Wall.Day,
            "Hour" => (long)Wall.Hour,
            "Minute" => (long)Wall.Minute,
            "Second" => (long)Wall.Second,
            "Nanosecond" => Wall.Ticks % TimeSpan.TicksPerSecond * 100,
            "YearDay" => (long)Wall.DayOfYear,
            "Weekday" => new TemplateNamedNumber("time.Weekday", (long)Wall.DayOfWeek, Wall.DayOfWeek.ToString()),
            _ => null,
        };
        return value is not null;
    }

    /// <summary>Date and time of day in <see cref="Zone"/>.</summary>
    internal DateTimeOffset Wall => Zone == TimeZoneInfo.Utc ? Instant.ToUniversalTime() : TimeZoneInfo.ConvertTime(Instant, Zone);

    internal string ZoneAbbreviation =>
        Zone == TimeZoneInfo.Utc ? "UTC" : Zone.IsDaylightSavingTime(Instant) ? Zone.DaylightName : Zone.StandardName;

    DateTimeOffset Shift(long nanoseconds)
    {
        long ticks = nanoseconds / 100;
        if (ticks > DateTimeOffset.MaxValue.UtcTicks - Instant.UtcTicks) return DateTimeOffset.MaxValue;
        return ticks < -Instant.UtcTicks ? DateTimeOffset.MinValue : Instant.AddTicks(ticks);
    }

    TemplateTime AddDate(object?[] arguments)
    {
        try
        {
            int years = (int)TemplateArguments.Integer(arguments, 0), months = (int)TemplateArguments.Integer(arguments, 1);
            return this with { Instant = Instant.AddYears(years).AddMonths(months).AddDays(TemplateArguments.Integer(arguments, 2)) };
        }
        catch (Exception problem) when (problem is ArgumentOutOfRangeException or OverflowException)
        {
            throw new TemplateFunctionException("date out of range", problem);
        }
    }

    /// <summary>Go's String form: <c>2024-05-01 10:00:00.5 +0000 UTC</c>.</summary>
    public override string ToString() => GoTimeLayout.Format(this, "2006-01-02 15:04:05.999999999 -0700 MST");
}

/// <summary>An integer type with named values, such as time.Month.</summary>
public sealed record TemplateNamedNumber(string TypeName, long Number, string Name) : ITemplateMembers
{
    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name == "String" ? Name : null;
        return value is not null;
    }
}
