using Vigie.Configuration.Web;

namespace Vigie.Server.Access;

/// <summary>Lets one request through per interval, and up to a number of them at once after a pause. Thread-safe.</summary>
sealed class TokenBucket(RateLimitConfig limit, TimeProvider clock)
{
    readonly Lock _lock = new();
    double _tokens = limit.Burst;         // guarded by _lock
    long _filledAt = clock.GetTimestamp(); // guarded by _lock

    public bool TryTake()
    {
        lock (_lock)
        {
            long now = clock.GetTimestamp();
            _tokens = Math.Min(limit.Burst, _tokens + clock.GetElapsedTime(_filledAt, now) / limit.Interval);
            _filledAt = now;
            if (_tokens < 1) return false;
            _tokens--;
            return true;
        }
    }
}
