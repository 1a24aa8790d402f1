using System.Collections;
using System.Collections.Concurrent;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <content>Work in the background: syncing, writing blocks, compaction, retention.</content>
public sealed partial class MetricStore
{
    static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(5);

    /// <summary>Time without a sample after which a series has ended: the look-back of queries.</summary>
    static readonly TimeSpan EndedAfter = TimeSpan.FromMinutes(5);

    /// <summary>Held by whoever changes the list of blocks; taken before all other locks.</summary>
    readonly Lock _maintenanceLock = new();
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<string, string> _failures = new(StringComparer.Ordinal);
    Task _background = Task.CompletedTask;
    uint? _endedDroppedAt; // the generation for which it was done

    /// <summary>
    /// Does what is due: syncs the log, writes blocks, compacts, drops what is past retention. Failures are logged and counted, and what
    /// failed is tried again the next time.
    /// </summary>
    public void Maintain(CancellationToken cancellation)
    {
        lock (_maintenanceLock)
        {
            Attempt("syncing the log", SyncLog);
            Attempt("deleting replaced files", _replaced.DeleteDue);
            Attempt("keeping metadata", () => _metadata.Save(_files, _path));
            Attempt("looking after the log", () => ReplaceLostSegment(cancellation));
            Attempt("writing a block", () =>
            {
                if (IsFlushDue()) Freeze();
                FlushFrozen(cancellation);
            });
            Attempt("dropping series that ended", DropEndedSeries);
            Attempt("compaction", () => CompactOnce(cancellation));
            Attempt("freeing deleted samples", () => RewriteDeleted(cancellation));
            Attempt("downsampling", () => RollUp(cancellation));
            Attempt("retention", () => DropExpired(cancellation));
        }
    }

    /// <summary>Writes all samples in memory to a block now.</summary>
    public void Flush(CancellationToken cancellation)
    {
        lock (_maintenanceLock)
        {
            Freeze();
            FlushFrozen(cancellation);
        }
    }

    void StartBackground()
    {
        if (!_options.RunsInBackground) return;
        _background = Task.WhenAll(
            Task.Run(() => RepeatAsync(_options.SyncInterval, () => Attempt("syncing the log", SyncLog))),
            Task.Run(() => RepeatAsync(MaintenanceInterval, () => Maintain(_stopping.Token))));
    }

    async Task RepeatAsync(TimeSpan interval, Action work)
    {
        using var timer = new PeriodicTimer(interval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false)) work();
        }
        catch (OperationCanceledException)
        {
            // The store is being closed.
        }
    }

    void StopBackground()
    {
        _stopping.Cancel();
        _background.Wait();
    }

    /// <summary>A failure is counted each time, and logged when it is not the same as the last time.</summary>
    void Attempt(string what, Action work)
    {
        try
        {
            work();
            _failures.TryRemove(what, out _);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            _metrics.CompactionsFailed.Add(1);
            bool isKnown = _failures.TryGetValue(what, out string? message) && message == problem.Message;
            _failures[what] = problem.Message;
            if (!isKnown) _logger.LogWorkFailed(problem, what);
        }
    }

    /// <summary>What was acknowledged before the call survives a power cut on return.</summary>
    public void SyncLog() => _log.Sync();

    /// <summary>Somebody deleted the log's folder: what is in memory is no longer on disk anywhere, so it goes to a block at once.</summary>
    void ReplaceLostSegment(CancellationToken cancellation)
    {
        if (!_log.IsSegmentGone()) return;
        _logger.LogSegmentGone(_log.Directory);
        Freeze();
        FlushFrozen(cancellation);
    }

    bool IsFlushDue()
    {
        var generation = _head.Generation;
        if (generation.Samples == 0) return false;
        var age = _clock.GetElapsedTime(_frozenAt);
        bool isLong = generation.MaxTimeMs - generation.MinTimeMs >= (long)_options.HeadSpanMax.TotalMilliseconds;
        // Samples from long ago make a generation long at once: the share of the age keeps blocks from becoming tiny then.
        return LogBytes >= _options.LogBytesMax || age >= _options.HeadSpanMax || (isLong && age >= _options.HeadSpanMax / 8);
    }

    /// <summary>
    /// Ends the youngest generation and its log segments and begins the next of both. Series that got no sample in any generation that is
    /// still in memory are dropped.
    /// </summary>
    void Freeze()
    {
        lock (_appendLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var frozen = _head.Generation;
            if (frozen.Samples == 0) return;
            ulong nextSegment = _log.EndSegment();
            var next = new Generation(frozen.Number + 1, nextSegment);
            _index.Lock.EnterWriteLock();
            try
            {
                StoreView view;
                lock (_viewLock) view = Replace([.. _view.Generations, next], _view.Blocks, _view.Rollups);
                DropSeriesOlderThan(view.Generations[0].Number);
            }
            finally
            {
                _index.Lock.ExitWriteLock();
            }
            next.Release();
            _head.SwitchTo(next);
            _pages.DropUnused(frozen.Number);
            _bytesAtFreeze = _log.BytesWritten;
            _frozenAt = _clock.GetTimestamp();
        }
    }

    /// <summary>
    /// Once the only generation in memory is older than <see cref="EndedAfter"/>, series without a sample in it have ended and are dropped: with churn
    /// those of the last generation would otherwise lie beside those of this one until the next block.
    /// </summary>
    void DropEndedSeries()
    {
        lock (_appendLock)
        {
            uint generation = _head.Generation.Number;
            if (_endedDroppedAt == generation || _view.Generations.Length > 1 || _clock.GetElapsedTime(_frozenAt) < EndedAfter) return;
            _index.Lock.EnterWriteLock();
            try
            {
                DropSeriesOlderThan(generation);
            }
            finally
            {
                _index.Lock.ExitWriteLock();
            }
            _endedDroppedAt = generation;
        }
    }

    void DropSeriesOlderThan(uint generation)
    {
        var unused = new BitArray(_index.SlotEnd);
        for (int slot = 0; slot < unused.Count; slot++)
        {
            ref var series = ref _index.Series[slot];
            unused[slot] = series.InUse && series.LastGeneration < generation;
        }
        int dropped = _index.Drop(unused);
        if (dropped > 0) _metrics.SeriesRemoved.Add(dropped);
    }

    void FlushFrozen(CancellationToken cancellation)
    {
        while (_view.Generations.Length > 1)
        {
            long started = _clock.GetTimestamp();
            var frozen = _view.Generations[0];
            ulong firstSegment = _view.Generations[1].FirstSegment;
            using var writer = _folder.CreateWriter(out ulong number);
            HeadFlush.WriteTo(writer, frozen, _index, cancellation);
            Block[] blocks = _view.Blocks;
            if (writer.Samples > 0)
            {
                long bytes = writer.Finish();
                blocks = [.. blocks, _folder.OpenWritten(number)];
                _logger.LogBlockWritten(number, writer.SeriesCount, writer.Samples, bytes, _clock.GetElapsedTime(started).TotalSeconds);
            }
            Publish(blocks, firstSegment, dropOldestGeneration: true);
            foreach (ulong segment in SampleLog.SegmentsIn(_files, _log.Directory))
                if (segment < firstSegment) _replaced.Add(Path.Combine(_log.Directory, SampleLog.NameOf(segment)));
        }
    }

    /// <summary>Merges one run of blocks, if there is one worth it.</summary>
    void CompactOnce(CancellationToken cancellation)
    {
        var (first, count) = CompactionPlan.Choose(_view.Blocks, _options.BlockSpanMax);
        if (count > 0) Rewrite(first, count, cancellation);
    }

    /// <summary>Replaces neighbouring blocks by one with the samples that were not deleted.</summary>
    void Rewrite(int first, int count, CancellationToken cancellation)
    {
        var sources = _view.Blocks[first..(first + count)];
        using var writer = _folder.CreateWriter(out ulong number);
        new BlockMerge(sources).WriteTo(writer, cancellation);
        Block[] result = [];
        if (writer.Samples > 0)
        {
            writer.Finish();
            result = [_folder.OpenWritten(number)];
        }
        Publish([.. _view.Blocks[..first], .. result, .. _view.Blocks[(first + count)..]], _folder.Manifest.FirstSegment);
        foreach (var source in sources) _folder.Delete(source.Number);
        _metrics.Compactions.Add(1);
        _logger.LogCompacted(string.Join(", ", sources.Select(source => source.Number)), number);
    }

    /// <summary>Makes a list of blocks the store's: first on disk, then for readers. Blocks new in it pass into the view's keeping.</summary>
    void Publish(Block[] blocks, ulong firstSegment, bool dropOldestGeneration = false)
    {
        var known = _view.Blocks;
        try
        {
            _folder.Publish(blocks, firstSegment);
        }
        catch
        {
            foreach (var block in blocks.Except(known))
            {
                block.Release();
                _folder.DeleteUnpublished(block.Number);
            }
            throw;
        }
        foreach (var block in blocks) _newestInBlocksMs = Math.Max(_newestInBlocksMs, block.MaxTimeMs);
        lock (_viewLock) Replace(dropOldestGeneration ? _view.Generations[1..] : _view.Generations, blocks, _view.Rollups);
        foreach (var block in blocks.Except(known)) block.Release();
    }

    /// <summary>Needs the view lock. The old view lives on until its last reader is done.</summary>
    StoreView Replace(Generation[] generations, Block[] blocks, RollupView[] rollups)
    {
        var old = _view;
        Volatile.Write(ref _view, new StoreView(generations, blocks, rollups));
        old.Release();
        return _view;
    }

    void DeleteSegmentsBefore(ulong firstSegment)
    {
        foreach (ulong segment in SampleLog.SegmentsIn(_files, _log.Directory))
            if (segment < firstSegment) _files.DeleteFile(Path.Combine(_log.Directory, SampleLog.NameOf(segment)));
    }
}
