namespace Veza.Shared;

/// <summary>Quantiles of the newest values: at most <paramref name="valuesMax"/>, none older than <paramref name="window"/>.</summary>
public sealed class RollingQuantiles(TimeProvider clock, TimeSpan window, int valuesMax = 2048)
{
    readonly Lock _lock = new();
    readonly Queue<(long Timestamp, double Value)> _values = new(); // guarded by _lock

    public void Add(double value)
    {
        lock (_lock)
        {
            if (_values.Count == valuesMax) _values.Dequeue();
            _values.Enqueue((clock.GetTimestamp(), value));
        }
    }

    /// <summary>The quantile, or 0 when there was nothing.</summary>
    public double Quantile(double quantile)
    {
        double[] sorted;
        lock (_lock)
        {
            while (_values.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.Timestamp) > window) _values.Dequeue();
            sorted = [.. _values.Select(value => value.Value)];
        }
        if (sorted.Length == 0) return 0;
        Array.Sort(sorted);
        return sorted[(int)(quantile * (sorted.Length - 1))];
    }
}
