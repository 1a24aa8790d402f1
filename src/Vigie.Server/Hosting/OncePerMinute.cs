namespace Vigie.Server.Hosting;

/// <summary>Lets something that clients can cause at any rate be said in the log once a minute. Thread-safe.</summary>
sealed class OncePerMinute(TimeProvider clock)
{
    static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    long? _lastAt; // guarded by _lock

    /// <summary>Whether it is to be said now; the minute begins then.</summary>
    public bool IsDue()
    {
        lock (_lock)
        {
            if (_lastAt is { } at && clock.GetElapsedTime(at) < s_interval) return false;
            _lastAt = clock.GetTimestamp();
            return true;
        }
    }
}
