namespace Vigie.Model;

/// <summary>A span of time, inclusive on both ends, in Unix milliseconds. Empty if <see cref="EndMs"/> is before <see cref="StartMs"/>.</summary>
public readonly record struct TimeRange(long StartMs, long EndMs)
{
    public static TimeRange All { get; } = new(long.MinValue, long.MaxValue);

    public bool Contains(long timestampMs) => timestampMs >= StartMs && timestampMs <= EndMs;
    public bool Overlaps(TimeRange other) => StartMs <= other.EndMs && other.StartMs <= EndMs;
}
