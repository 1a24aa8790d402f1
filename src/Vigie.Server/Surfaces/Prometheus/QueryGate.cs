using System.Collections.Concurrent;
using Vigie.PromQL;

namespace Vigie.Server.Surfaces.Prometheus;

/// <summary>
/// The queries that run and those that wait: at most a number at a time (<c>--query.max-concurrency</c>), each listed and cancellable.
/// </summary>
sealed class QueryGate(int concurrencyMax, TimeProvider clock)
{
    /// <summary>What Prometheus calls the wait in its errors.</summary>
    const string Phase = "query queue";

    readonly SemaphoreSlim _places = new(concurrencyMax);
    readonly ConcurrentDictionary<long, ActiveQuery> _active = new();
    long _last;

    public int ConcurrencyMax { get; } = concurrencyMax;

    /// <summary>Queries that run or wait, oldest first.</summary>
    public IReadOnlyList<ActiveQuery> Active => [.. _active.Values.OrderBy(query => query.Id)];

    /// <summary>Waits for a place. Dispose what is returned when the query has ended.</summary>
    /// <param name="timeout">Longest wait; the time a query may take includes it, as upstream.</param>
    /// <exception cref="QueryTimeoutException">No place became free in time.</exception>
    /// <exception cref="QueryCanceledException">The caller left, or the query was cancelled, while it waited.</exception>
    public async Task<ActiveQuery> EnterAsync(string text, TimeSpan timeout, CancellationToken cancellation)
    {
        var query = new ActiveQuery(this, Interlocked.Increment(ref _last), text, clock.GetUtcNow(), cancellation);
        _active[query.Id] = query;
        using var timer = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(query.Cancellation, timer.Token);
        try
        {
            // A free place is taken even without time left: then it is the execution that times out.
            if (!_places.Wait(0, query.Cancellation)) await _places.WaitAsync(both.Token);
            query.Running = true;
            return query;
        }
        catch (OperationCanceledException)
        {
            bool isCanceled = query.Cancellation.IsCancellationRequested;
            query.Dispose();
            throw isCanceled ? new QueryCanceledException(Phase) : new QueryTimeoutException(Phase);
        }
    }

    /// <returns>False if there is no such query (any more).</returns>
    public bool Cancel(long id)
    {
        if (!_active.TryGetValue(id, out var query)) return false;
        query.Cancel();
        return true;
    }

    void Leave(ActiveQuery query)
    {
        _active.TryRemove(query.Id, out _);
        if (query.Running) _places.Release();
    }

    internal sealed class ActiveQuery(QueryGate gate, long id, string text, DateTimeOffset since, CancellationToken cancellation) : IDisposable
    {
        readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int _ended;

        public long Id { get; } = id;
        public string Text { get; } = text;
        public DateTimeOffset Since { get; } = since;
        public bool Running { get; set; }
        public CancellationToken Cancellation => _source.Token;

        /// <summary>Without effect on a query that ends at the same moment.</summary>
        public void Cancel()
        {
            try
            {
                _source.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended between being found and being cancelled.
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 1) return;
            gate.Leave(this);
            _source.Dispose();
        }
    }
}
