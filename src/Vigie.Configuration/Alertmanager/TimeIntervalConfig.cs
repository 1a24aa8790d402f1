namespace Vigie.Configuration.Alertmanager;

/// <summary>A named set of time ranges; a moment is inside if it is inside any of them.</summary>
public sealed record TimeIntervalConfig(string Name, IReadOnlyList<TimeRangeConfig> Ranges)
{
    public SourcePosition Position { get; init; }
}

/// <summary>
/// Conditions on one moment; all that are not empty must hold (Alertmanager, docs/configuration.md, time_interval). Bounds are inclusive
/// unless said otherwise.
/// </summary>
public sealed record TimeRangeConfig
{
    /// <summary>Minutes of the day; the end is exclusive, 1440 is midnight.</summary>
    public IReadOnlyList<InclusiveRange> Times { get; init; } = [];

    /// <summary>0 is Sunday.</summary>
    public IReadOnlyList<InclusiveRange> Weekdays { get; init; } = [];

    /// <summary>1 to 31; negative values count from the end of the month, −1 being its last day.</summary>
    public IReadOnlyList<InclusiveRange> DaysOfMonth { get; init; } = [];

    /// <summary>1 is January.</summary>
    public IReadOnlyList<InclusiveRange> Months { get; init; } = [];

    public IReadOnlyList<InclusiveRange> Years { get; init; } = [];

    /// <summary>Zone the conditions are written in; UTC if none is given.</summary>
    public TimeZoneInfo Location { get; init; } = TimeZoneInfo.Utc;
}

public readonly record struct InclusiveRange(int Begin, int End);
