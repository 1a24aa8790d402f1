using Microsoft.AspNetCore.Connections;

namespace Vigie.Server.Hosting;

/// <summary>
/// The connections of one surface: at most a number is served at a time (<c>--web.max-connections</c>). As upstream, further ones are not refused but wait:
/// one per listener here, the rest in the accept queue of the system. Thread-safe.
/// </summary>
sealed class ConnectionGate(Surface surface, int connectionsMax, TimeProvider clock, ILogger logger) : IDisposable
{
    readonly SemaphoreSlim _places = new(connectionsMax);
    readonly OncePerMinute _atBound = new(clock);
    long _accepted, _closed, _waited;

    public Surface Surface { get; } = surface;
    public int ConnectionsMax { get; } = connectionsMax;

    public long Accepted => Interlocked.Read(ref _accepted);
    public long Closed => Interlocked.Read(ref _closed);

    /// <summary>Connections that found the bound reached.</summary>
    public long Waited => Interlocked.Read(ref _waited);

    public int Open => ConnectionsMax - _places.CurrentCount;

    /// <summary>Waits until there is a place. <see cref="Leave"/> gives it back.</summary>
    /// <exception cref="OperationCanceledException">The listener stops.</exception>
    public async ValueTask EnterAsync(CancellationToken stopping)
    {
        if (!_places.Wait(0, stopping))
        {
            Interlocked.Increment(ref _waited);
            if (_atBound.IsDue()) HostingLog.ConnectionsAtBound(logger, Surface.ToString(), ConnectionsMax);
            await _places.WaitAsync(stopping);
        }
        Interlocked.Increment(ref _accepted);
    }

    public void Leave()
    {
        Interlocked.Increment(ref _closed);
        _places.Release();
    }

    public void Dispose() => _places.Dispose();

    /// <summary>Wraps a listener so that it hands out a connection only when there is a place for it; the place is the connection's until it ends.</summary>
    public IConnectionListener Guard(IConnectionListener listener) => new GuardedListener(listener, this);

    sealed class GuardedListener(IConnectionListener inner, ConnectionGate gate) : IConnectionListener
    {
        readonly CancellationTokenSource _stopping = new();

        public System.Net.EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (await inner.AcceptAsync(cancellationToken) is not { } connection) return null;
            try
            {
                await gate.EnterAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                await connection.DisposeAsync();
                return null;
            }
            connection.Features.Set(gate);
            return connection;
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _stopping.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            _stopping.Dispose();
        }
    }
}
