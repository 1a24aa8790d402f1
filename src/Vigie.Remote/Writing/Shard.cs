using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Protocols.Compression;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Remote;

/// <summary>
/// One of the parallel lines to a destination: a bounded queue of batches and the loop that sends them, one request at a time, so that the
/// samples of a series stay in order. Filled by one thread.
/// </summary>
/// <param name="number">Its number in <paramref name="positions"/>.</param>
/// <param name="mayRepeat">The first batch may hold samples that the receiver took just before this process began.</param>
sealed class Shard(int number, WriteTarget target, ShardPositions positions, bool mayRepeat) : IDisposable
{
    readonly int _batchSamples = (int)Math.Min(target.Config.Queue.MaxSamplesPerSend, 1_000_000);
    readonly int _batchesMax = (int)Math.Clamp(target.Config.Queue.Capacity / target.Config.Queue.MaxSamplesPerSend, 1, 10_000);
    readonly IRemoteWriteEncoder _encoder = target.CreateEncoder();
    readonly SnappyBlockEncoder _snappy = new();
    readonly Lock _lock = new();
    readonly Queue<WriteBatch> _full = [];          // guarded by _lock, as all below
    readonly Stack<WriteBatch> _free = [];
    WriteBatch? _open;
    long _openSince;
    WriteBatch? _sending;
    bool _flush;
    readonly AsyncSignal _work = new();
    byte[] _body = [];
    bool _mayRepeat = mayRepeat;

    /// <summary>Signalled when a batch has left the queue.</summary>
    public AsyncSignal Room { get; } = new();

    /// <summary>The last request failed, and is being sent again.</summary>
    public bool IsRetrying { get; private set; }

    /// <summary>Everything that was added is sent.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_lock) return _open is null && _sending is null && _full.Count == 0;
        }
    }

    /// <summary>The first sample not yet acknowledged; null if there is none.</summary>
    public LogPosition? Oldest
    {
        get
        {
            lock (_lock) return (_sending ?? (_full.TryPeek(out var first) ? first : _open))?.First;
        }
    }

    public (int Samples, int Histograms, int Exemplars) Pending
    {
        get
        {
            lock (_lock)
            {
                int samples = 0, histograms = 0, exemplars = 0;
                foreach (var batch in _full) Count(batch);
                Count(_open);
                Count(_sending);
                return (samples, histograms, exemplars);

                void Count(WriteBatch? batch)
                {
                    samples += batch?.Samples ?? 0;
                    histograms += batch?.Histograms ?? 0;
                    exemplars += batch?.Exemplars ?? 0;
                }
            }
        }
    }

    /// <returns>False if the queue is full: wait for <see cref="Room"/>.</returns>
    public bool TryAdd(EncodedSeries series, SymbolPool pool, long timestampMs, double value, LogPosition position)
    {
        lock (_lock)
        {
            if (Open(pool, position) is not { } batch) return false;
            batch.Add(series, timestampMs, value, position);
            CloseIfFull(batch);
            return true;
        }
    }

    /// <inheritdoc cref="TryAdd(EncodedSeries, SymbolPool, long, double, LogPosition)"/>
    public bool TryAdd(EncodedSeries series, SymbolPool pool, long timestampMs, FloatHistogram histogram, LogPosition position)
    {
        lock (_lock)
        {
            if (Open(pool, position) is not { } batch) return false;
            batch.Add(series, timestampMs, histogram, position);
            CloseIfFull(batch);
            return true;
        }
    }

    /// <inheritdoc cref="TryAdd(EncodedSeries, SymbolPool, long, double, LogPosition)"/>
    public bool TryAdd(EncodedSeries series, SymbolPool pool, in Exemplar exemplar, LogPosition position)
    {
        lock (_lock)
        {
            if (Open(pool, position) is not { } batch) return false;
            batch.Add(series, exemplar, position);
            CloseIfFull(batch);
            return true;
        }
    }

    /// <summary>From now on batches are sent without waiting until they are full.</summary>
    public void Flush(bool on)
    {
        lock (_lock) _flush = on;
        _work.Set();
    }

    /// <summary>Sends until it is stopped. What is not acknowledged then is sent by the next process or configuration.</summary>
    /// <param name="stop">Nothing new is begun.</param>
    /// <param name="abort">A request that is on its way is given up.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abort)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (Take(out var wait) is not { } batch)
                {
                    if (wait is { } due) await _work.WaitAsync(due, target.Clock, stop).ConfigureAwait(false);
                    else await _work.WaitAsync(stop).ConfigureAwait(false);
                    continue;
                }
                var end = batch.End;
                if (!await SendAsync(batch, stop, abort).ConfigureAwait(false)) return;
                positions.Acknowledge(number, end);
                Recycle(batch);
                Room.Set();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested || abort.IsCancellationRequested)
        {
            // Stopped; the position on disk says where to go on.
        }
    }

    public void Dispose() => _body = [];

    /// <summary>Needs the lock. Null if the queue is full.</summary>
    WriteBatch? Open(SymbolPool pool, LogPosition position)
    {
        if (_open is { } open)
        {
            if (ReferenceEquals(open.Pool, pool)) return open;
            _full.Enqueue(open);
            _open = null;
            _work.Set();
        }
        if (_full.Count >= _batchesMax) return null;
        _open = _free.TryPop(out var free) ? free : new WriteBatch(_batchSamples);
        _open.Begin(pool, position);
        _openSince = target.Clock.GetTimestamp();
        _work.Set();
        return _open;
    }

    /// <summary>Needs the lock.</summary>
    void CloseIfFull(WriteBatch batch)
    {
        if (!batch.IsFull) return;
        _full.Enqueue(batch);
        _open = null;
        _work.Set();
    }

    /// <param name="wait">Null: for more work; else until the open batch is due.</param>
    WriteBatch? Take(out TimeSpan? wait)
    {
        wait = null;
        lock (_lock)
        {
            if (_full.TryDequeue(out var batch)) return _sending = batch;
            if (_open is null) return null;
            var left = target.Config.Queue.BatchSendDeadline - target.Clock.GetElapsedTime(_openSince);
            if (left > TimeSpan.Zero && !_flush)
            {
                wait = left;
                return null;
            }
            _sending = _open;
            _open = null;
            return _sending;
        }
    }

    void Recycle(WriteBatch batch)
    {
        lock (_lock)
        {
            _sending = null;
            if (_free.Count < 2) _free.Push(batch);
        }
    }

    /// <returns>False if it was stopped before the receiver took or refused the batch.</returns>
    async Task<bool> SendAsync(WriteBatch batch, CancellationToken stop, CancellationToken abort)
    {
        int total = batch.Count;
        var result = await SendUntilDecidedAsync(batch, stop, abort).ConfigureAwait(false);
        if (result is null) return false;
        if (result.Value.Outcome == SendOutcome.Delivered)
        {
            _mayRepeat = false;
            return true;
        }
        if (_mayRepeat && batch.Count > 1)
        {
            // The receiver may have a part of these samples, and refuses them together with the others: they go one by one as far as
            // needed.
            target.Metrics.Split.Add(1, target.Destination.Name, target.Destination.Url);
            var delivered = await SendPartsAsync(batch, 0, batch.Count, stop, abort).ConfigureAwait(false);
            if (delivered == 0) _mayRepeat = false;
            return delivered is not null;
        }
        target.Rejected(batch, result.Value.Problem);
        return true;
    }

    /// <returns>How many samples were delivered; null if it was stopped.</returns>
    async Task<int?> SendPartsAsync(WriteBatch whole, int from, int count, CancellationToken stop, CancellationToken abort)
    {
        int delivered = 0;
        int half = count / 2;
        foreach (var (start, length) in new[] { (from, half), (from + half, count - half) })
        {
            if (length == 0) continue;
            var part = new WriteBatch(length);
            part.CopyPart(whole, start, length);
            var result = await SendUntilDecidedAsync(part, stop, abort).ConfigureAwait(false);
            if (result is null) return null;
            if (result.Value.Outcome == SendOutcome.Delivered)
            {
                delivered += length;
            }
            else if (length == 1)
            {
                target.Rejected(part, result.Value.Problem);
            }
            else
            {
                if (await SendPartsAsync(whole, start, length, stop, abort).ConfigureAwait(false) is not { } inner) return null;
                delivered += inner;
            }
        }
        return delivered;
    }

    /// <summary>Sends again as long as the receiver cannot decide.</summary>
    /// <returns>Null if it was stopped.</returns>
    async Task<SendResult?> SendUntilDecidedAsync(WriteBatch batch, CancellationToken stop, CancellationToken abort)
    {
        var queue = target.Config.Queue;
        var backoff = queue.MinBackoff;
        var body = Encode(batch);
        for (int attempt = 0; ; attempt++)
        {
            if (attempt > 0 && target.OldestAllowedMs() is { } oldest && batch.RemoveBefore(oldest) is var (samples, histograms) && samples + histograms > 0)
            {
                target.DroppedTooOld(samples, histograms);
                if (batch.Count == 0) return new SendResult(SendOutcome.Delivered);
                body = Encode(batch);
            }
            long started = target.Clock.GetTimestamp();
            var result = await target.Client.SendAsync(body, _encoder.ContentType, _encoder.Version, attempt, abort).ConfigureAwait(false);
            target.Sent(batch, body.Length, target.Clock.GetElapsedTime(started), result);
            IsRetrying = result.Outcome == SendOutcome.Retry;
            if (!IsRetrying) return result;
            var wait = result.RetryAfter ?? backoff;
            target.Logger.LogRetry(target.Name, wait.TotalSeconds, result.Problem);
            if (stop.IsCancellationRequested) return null;
            await Task.Delay(wait, target.Clock, stop).ConfigureAwait(false);
            backoff = wait * 2 < queue.MaxBackoff ? wait * 2 : queue.MaxBackoff;
        }
    }

    ReadOnlyMemory<byte> Encode(WriteBatch batch)
    {
        var message = batch.Encode(_encoder);
        int bytesMax = SnappyBlockEncoder.EncodedLengthMax(message.Length);
        if (_body.Length < bytesMax) _body = new byte[bytesMax];
        return _body.AsMemory(0, _snappy.Encode(message, _body));
    }
}
