namespace Vigie.Dashboards;

/// <summary>
/// Counts failed attempts per key within a sliding window. Holds at most <see cref="KeysMax"/> keys: when it is full, keys whose window
/// has passed leave first, and if none has, everything new counts as limited until one has.
/// </summary>
sealed class FailureLimiter(int failuresMax, TimeSpan window, TimeProvider clock)
{
    const int KeysMax = 10_000;

    readonly Lock _lock = new();
    readonly Dictionary<string, Queue<DateTimeOffset>> _failures = new(StringComparer.OrdinalIgnoreCase);   // guarded by _lock

    /// <returns>How long attempts for <paramref name="key"/> are refused; zero if they are not.</returns>
    public TimeSpan Refusal(string key)
    {
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            if (!_failures.TryGetValue(key, out var times)) return _failures.Count < KeysMax || Sweep(now) ? TimeSpan.Zero : window;
            Forget(times, now);
            return times.Count < failuresMax ? TimeSpan.Zero : times.Peek() + window - now;
        }
    }

    public void Failed(string key)
    {
        lock (_lock)
        {
            if (!_failures.TryGetValue(key, out var times))
            {
                if (_failures.Count >= KeysMax) return;
                _failures[key] = times = new Queue<DateTimeOffset>(failuresMax);
            }
            times.Enqueue(clock.GetUtcNow());
            if (times.Count > failuresMax) times.Dequeue();
        }
    }

    public void Succeeded(string key)
    {
        lock (_lock) _failures.Remove(key);
    }

    void Forget(Queue<DateTimeOffset> times, DateTimeOffset now)
    {
        while (times.TryPeek(out var oldest) && oldest + window <= now) times.Dequeue();
    }

    bool Sweep(DateTimeOffset now)
    {
        foreach (var (key, times) in _failures.ToList())
        {
            Forget(times, now);
            if (times.Count == 0) _failures.Remove(key);
        }
        return _failures.Count < KeysMax;
    }
}
