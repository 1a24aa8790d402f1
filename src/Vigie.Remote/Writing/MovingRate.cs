namespace Vigie.Remote;

/// <summary>
/// An exponentially weighted rate per second: events are counted between ticks, each tick weighs a fifth (as Prometheus' queue manager has
/// it). <see cref="Add"/> from any thread; ticks from one.
/// </summary>
sealed class MovingRate
{
    const double Weight = 0.2;

    double _lastRate;
    bool _isStarted;
    long _events;

    public void Add(long events) => Interlocked.Add(ref _events, events);

    public double PerSecond => Volatile.Read(ref _lastRate);

    public void Tick(TimeSpan interval)
    {
        double rate = Interlocked.Exchange(ref _events, 0) / interval.TotalSeconds;
        Volatile.Write(ref _lastRate, _isStarted ? _lastRate + (Weight * (rate - _lastRate)) : rate);
        _isStarted = true;
    }
}
