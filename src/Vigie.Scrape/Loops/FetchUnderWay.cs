namespace Vigie.Scrape;

/// <summary>
/// One fetch: when it must end (its timeout, or the end of its loop), and how far it has come. A timer is only made when something is waited
/// for; most pages come at once. Not thread-safe; dispose it after the fetch.
/// </summary>
sealed class FetchUnderWay(TimeSpan timeout, TimeProvider clock, CancellationToken stopping) : IDisposable
{
    readonly long _started = clock.GetTimestamp();
    CancellationTokenSource? _timeout;
    CancellationTokenSource? _either;

    /// <summary>The head of the answer has come.</summary>
    public bool HasAnswer { get; set; }

    /// <summary>Cancelled at the end.</summary>
    public CancellationToken Token
    {
        get
        {
            if (_either is not null) return _either.Token;
            var left = timeout - clock.GetElapsedTime(_started);
            _timeout = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, clock);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, stopping);
            return _either.Token;
        }
    }

    public bool HasTimedOut => _timeout is { IsCancellationRequested: true };

    /// <exception cref="OperationCanceledException">The loop ends.</exception>
    public void ThrowIfStopping() => stopping.ThrowIfCancellationRequested();

    public void Dispose()
    {
        _either?.Dispose();
        _timeout?.Dispose();
    }
}
