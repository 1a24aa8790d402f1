namespace Vigie.Remote;

/// <summary>Wakes one waiter. A signal given while nobody waits is kept for the next wait. Safe for concurrent use.</summary>
sealed class AsyncSignal
{
    readonly Lock _lock = new();
    TaskCompletionSource? _waiting;
    bool _isSet;

    public void Set()
    {
        TaskCompletionSource? waiting;
        lock (_lock)
        {
            waiting = _waiting;
            _waiting = null;
            if (waiting is null) _isSet = true;
        }
        waiting?.TrySetResult();
    }

    public async Task WaitAsync(CancellationToken cancellation) => await Start().WaitAsync(cancellation).ConfigureAwait(false);

    /// <summary>Waits for the signal, or until the time is over.</summary>
    public async Task WaitAsync(TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        var signalled = Start();
        if (signalled.IsCompleted) return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var delay = Task.Delay(timeout, clock, stop.Token);
        await Task.WhenAny(signalled, delay).ConfigureAwait(false);
        await stop.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
    }

    Task Start()
    {
        lock (_lock)
        {
            if (_isSet)
            {
                _isSet = false;
                return Task.CompletedTask;
            }
            return (_waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
