namespace Vigie.Alerting;

/// <summary>Waits that grow by half each time, with a random part so that many senders do not fall into step.</summary>
/// <param name="random">From 0 to 1.</param>
sealed class Backoff(TimeSpan first, TimeSpan max, Func<double> random)
{
    const double Growth = 1.5;
    /// <summary>A wait lies within this share around its nominal length.</summary>
    const double Spread = 0.5;

    double _nextMs = first.TotalMilliseconds;

    public TimeSpan Next()
    {
        double waitMs = _nextMs * (1 - Spread + 2 * Spread * random());
        _nextMs = Math.Min(_nextMs * Growth, max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(waitMs);
    }

    public void Reset() => _nextMs = first.TotalMilliseconds;
}
