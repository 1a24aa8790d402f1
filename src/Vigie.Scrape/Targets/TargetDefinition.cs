using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>
/// A target as configuration and discovery define it. Immutable; its identity is what it is scraped for and where: <see cref="Labels"/>,
/// <see cref="Url"/> and the two durations.
/// </summary>
sealed record TargetDefinition(Labels Labels, Uri Url, string UrlText, TimeSpan Interval, TimeSpan Timeout)
{
    /// <summary>For display only: not part of the identity.</summary>
    public Labels DiscoveredLabels { get; init; } = Labels.Empty;

    public bool Equals(TargetDefinition? other) =>
        other is not null && UrlText == other.UrlText && Interval == other.Interval && Timeout == other.Timeout
            && Labels.Equals(other.Labels);

    public override int GetHashCode() => HashCode.Combine(UrlText, Labels);

    /// <summary>Equal on every start: spreads targets over the interval, the same way each time.</summary>
    public ulong StableHash => Fnv1A.Add(Labels.StableHash, UrlText);

    /// <summary>Time from <paramref name="now"/> to this target's next turn. Turns are pinned to the clock, not to a start.</summary>
    public TimeSpan OffsetFrom(DateTimeOffset now, ulong seed)
    {
        long interval = Interval.Ticks;
        long wait = interval - now.UtcTicks % interval + (long)((StableHash ^ seed) % (ulong)interval);
        return TimeSpan.FromTicks(wait > interval ? wait - interval : wait);
    }
}
