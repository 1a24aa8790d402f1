namespace Veza.Shared;

/// <summary>A sum over the last <paramref name="window"/>, kept in slots: exact to one slot, bounded memory. Safe for concurrent use.</summary>
public sealed class RollingSum(TimeProvider clock, TimeSpan window, int slots = 60)
{
    readonly Lock _lock = new();
    readonly double[] _sums = new double[slots];
    readonly long _slotTicks = window.Ticks / slots;
    readonly long _startedAt = clock.GetUtcNow().Ticks;
    long _slot = clock.GetUtcNow().Ticks / (window.Ticks / slots); // guarded by _lock; the newest slot, counted from the epoch

    public double Sum
    {
        get
        {
            lock (_lock)
            {
                Advance();
                return _sums.Sum();
            }
        }
    }

    /// <summary>The sum divided by the window, or by the time since the start while that is shorter.</summary>
    public double PerSecond
    {
        get
        {
            var elapsed = TimeSpan.FromTicks(Math.Min(window.Ticks, clock.GetUtcNow().Ticks - _startedAt));
            return Sum / Math.Max(1, elapsed.TotalSeconds);
        }
    }

    public void Add(double value)
    {
        lock (_lock)
        {
            Advance();
            _sums[_slot % _sums.Length] += value;
        }
    }

    void Advance()
    {
        var now = clock.GetUtcNow().Ticks / _slotTicks;
        for (var passed = Math.Min(now - _slot, _sums.Length); passed > 0; passed--) _sums[(now - passed + 1) % _sums.Length] = 0;
        _slot = Math.Max(_slot, now);
    }
}
