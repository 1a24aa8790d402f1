namespace Vigie.PromQL;

/// <summary>Resets that start timestamps tell about (Prometheus, experimental).</summary>
static class CounterResets
{
    /// <summary>True if the counter was reset between two samples, by their start timestamps (0: unknown).</summary>
    public static bool ByStart(long previousStart, long previousTime, long start, long time)
    {
        // Unset or not before its own sample: says nothing. Before the previous sample: the same counter.
        if (start == 0 || start >= time || start < previousTime) return false;
        if (start > previousTime) return true;
        // Exactly at the previous sample: a delta, or a cumulative series whose true start is not known. In the second case the sample before
        // names its own time, or nothing, as its start.
        return previousStart != 0 && previousStart < previousTime;
    }

    public static bool ByStart(ReadOnlySpan<long> starts, ReadOnlySpan<long> times, int current) =>
        !starts.IsEmpty && ByStart(starts[current - 1], times[current - 1], starts[current], times[current]);

    /// <summary>True if a sample claims to have started in the middle of the one before.</summary>
    public static bool Overlaps(ReadOnlySpan<long> starts, ReadOnlySpan<long> times)
    {
        for (int i = 1; i < starts.Length; i++)
            if (starts[i] != 0 && starts[i] < times[i - 1] && starts[i] != starts[i - 1]) return true;
        return false;
    }
}
