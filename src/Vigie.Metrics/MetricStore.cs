using Microsoft.Extensions.Logging;
using Vigie.Metrics.Backup;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// The time-series store: a head in memory behind a write-ahead log, and immutable blocks on disk. Safe for concurrent use.
/// </summary>
/// <remarks>
/// Locks, always taken in this order: the maintenance lock (who changes the list of blocks), the append lock (one writer at a time: log, chunks,
/// pages), the index lock (series and postings), the view lock (which generations and blocks exist). Queries take the last two for moments and read samples without any.
/// </remarks>
public sealed partial class MetricStore : ISampleSource, ISampleSink, ISampleLog, IDisposable
{
    readonly IFileSystem _files;
    readonly string _path;
    readonly MetricStoreOptions _options;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly StoreMetrics _metrics;
    readonly CardinalityGuard _guard;
    readonly HeadIndex _index = new();
    readonly ExemplarRing _exemplars;
    readonly MetadataTable _metadata = new();
    readonly Lock _appendLock = new();
    readonly Lock _viewLock = new();
    readonly SampleLog _log;
    readonly HeadWriter _head;
    readonly PageMemory _pages = new();
    readonly BlockFolder _folder;
    readonly ReplacedFiles _replaced;
    StoreView _view;
    IDisposable? _lock;
    long _bytesAtFreeze;
    long _frozenAt;
    long _newestInBlocksMs = long.MinValue;
    string? _unavailable;
    int _disposeStarted;
    bool _disposed;

    MetricStore(IFileSystem files, string path, MetricStoreOptions options, TimeProvider clock, ILogger logger)
    {
        _files = files;
        _path = path;
        _options = options;
        _clock = clock;
        _logger = logger;
        _exemplars = new ExemplarRing(options.ExemplarsMax);
        _guard = new CardinalityGuard(options.SeriesLimits, clock, logger);
        _metrics = new StoreMetrics(this, _guard);
        _retention = new RetentionPolicy(options.RetentionRules, options.Retention);
        string logPath = Path.Combine(path, "wal");
        _replaced = new ReplacedFiles(files, options.ReplacedFilesKept, clock, logger);
        _folder = new BlockFolder(files, path, _replaced, () => _metrics.BlockCorruptions.Add(1), logger);
        var blocks = _folder.Open();
        ulong firstSegment = _folder.Manifest.FirstSegment;
        var segments = SampleLog.SegmentsIn(files, logPath);
        ulong nextSegment = Math.Max(Math.Max(1, firstSegment), segments.Count == 0 ? 1 : segments[^1] + 1);
        _kept = new KeptSegments(files, logPath, Path.Combine(path, "wal-kept"));
        if (_kept.List() is [.., var newest]) nextSegment = Math.Max(nextSegment, newest.Segment + 1);
        _log = new SampleLog(files, logPath, _index, nextSegment) { SegmentStarted = _kept.Started };
        var generation = new Generation(number: 1, firstSegment);
        _view = new StoreView([generation], blocks, []);
        generation.Release();
        foreach (var block in blocks) block.Release();
        _head = new HeadWriter(_index, generation);
    }

    /// <summary>
    /// Opens the store in a folder, creating it if needed, and reads its log back: all that was acknowledged is there when it returns.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be read or created, or another process uses it.</exception>
    public static MetricStore Open(IFileSystem files, string path, MetricStoreOptions options, TimeProvider clock, ILogger logger)
    {
        files.CreateDirectory(path);
        var taken = StoreLock.Take(files, path);
        try
        {
            var store = new MetricStore(files, path, options, clock, logger) { _lock = taken };
            store.ReplayLog();
        if (store._metadata.Load(files, path) is { } problem) logger.LogBlockRefused(path, problem);
            store.OpenRollups();
            store.StartBackground();
            return store;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>What <see cref="Open"/> found in the log.</summary>
    public ReplayStatistics Replay { get; private set; }

    /// <summary>Null while samples can be stored; else why not, and what restores service.</summary>
    public string? Unavailable => Volatile.Read(ref _unavailable);

    public int BlockCount => Volatile.Read(ref _view).Blocks.Length;

    public long BlockBytes
    {
        get
        {
            var view = Acquire();
            long bytes = view.Blocks.Sum(block => block.Bytes);
            view.Release();
            return bytes;
        }
    }

    /// <summary>Oldest sample in memory or on disk, Unix milliseconds; <see cref="long.MaxValue"/> if there is none.</summary>
    public long OldestMs
    {
        get
        {
            var view = Acquire();
            long oldest = long.MaxValue;
            foreach (var block in view.Blocks) oldest = Math.Min(oldest, block.MinTimeMs);
            foreach (var generation in view.Generations) oldest = Math.Min(oldest, generation.MinTimeMs);
            view.Release();
            return oldest;
        }
    }

    internal MetricStoreOptions Options => _options;
    internal int ExemplarCount => _exemplars.Count;

    /// <summary>Bytes of the log that a restart would read (segments of generations that are being written to blocks not counted).</summary>
    public long LogBytes => _log.BytesWritten - Volatile.Read(ref _bytesAtFreeze);

    public HeadStatistics Head
    {
        get
        {
            var view = Acquire();
            long chunks = 0, min = long.MaxValue, max = long.MinValue;
            foreach (var generation in view.Generations)
            {
                chunks += generation.Chunks;
                min = Math.Min(min, generation.MinTimeMs);
                max = Math.Max(max, generation.MaxTimeMs);
            }
            view.Release();
            _index.Lock.EnterReadLock();
            try
            {
                return new HeadStatistics(_index.Count, chunks, _index.LabelPairs, min, max);
            }
            finally
            {
                _index.Lock.ExitReadLock();
            }
        }
    }

    /// <summary>Metadata of metric families as they were set, all distinct entries, by family name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> Metadata => _metadata.Snapshot();

    internal long ReplacedBytes => _replaced.Bytes;
    internal long MetadataRefused => _metadata.Refused;

    public void SetMetadata(string metricFamily, in MetricMetadata metadata) => _metadata.Set(metricFamily, metadata);

    /// <summary>Exemplars in the range of series that match any of the matcher sets, sorted by series.</summary>
    public IReadOnlyList<SeriesExemplars> Exemplars(IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range) =>
        _exemplars.Select(matcherSets, range);

    /// <summary>Cardinality of the series in memory, the top <paramref name="limit"/> of each kind.</summary>
    public StoreStatistics Statistics(int limit)
    {
        var head = Head;
        _index.Lock.EnterReadLock();
        try
        {
            return Cardinality.Of(_index.Pairs(), head, limit);
        }
        finally
        {
            _index.Lock.ExitReadLock();
        }
    }

    /// <summary>
    /// Ends an orderly stop: what is in memory goes to a block, which is smaller than the log and need not be read back at the next start, then
    /// all is closed. If it cannot be written, or not in time, the log has it all the same.
    /// </summary>
    public void Close(CancellationToken cancellation)
    {
        StopBackground();
        try
        {
            Attempt("keeping metadata", () => _metadata.Save(_files, _path));
            Attempt("writing a block at the end", () => Flush(cancellation));
            _replaced.DeleteAll();      // nobody copies the folder of a running server any more
        }
        catch (OperationCanceledException)
        {
            // No time left.
        }
        Dispose();
    }

    /// <summary>Like <see cref="Statistics"/>, with targets, limits and what was refused. Walks all series.</summary>
    public CardinalityReport CardinalityReport(int limit)
    {
        var head = Head;
        var targets = new TopCounts<(string Job, string Instance)>(limit, static target => $"{target.Job} {target.Instance}");
        StoreStatistics statistics;
        _index.Lock.EnterReadLock();
        try
        {
            statistics = Cardinality.Of(_index.Pairs(), head, limit);
            foreach (var (target, series) in _index.CountBy(Model.LabelNames.Job, Model.LabelNames.Instance)) targets.Add(target, series);
        }
        finally
        {
            _index.Lock.ExitReadLock();
        }
        return new CardinalityReport(statistics, targets.Items(), _guard.Limits, _guard.Refused);
    }

    /// <summary>Limits for series that come from now on; those that are there stay.</summary>
    public void Apply(SeriesLimits limits) => _guard.Limits = limits;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposeStarted, 1) != 0) return;
        StopBackground();
        lock (_appendLock)
        {
            EndLog();
            _pages.Dispose();
            // With the write lock no query is inside the index; those that still read samples hold on to their view.
            _index.Lock.EnterWriteLock();
            lock (_viewLock)
            {
                _disposed = true;
                _view.Release();
            }
            _index.Dispose();
            foreach (var tier in _tiers) tier.Dispose();
            _index.Lock.ExitWriteLock();
        }
        _metrics.Dispose();
        _stopping.Dispose();
        _lock?.Dispose();
    }

    void EndLog()
    {
        try
        {
            _log.EndSegment();
        }
        catch (IOException problem)
        {
            _logger.LogWorkFailed(problem, "syncing the log at the end");
        }
        _log.Dispose();
    }

    Labels LabelsOf(int slot)
    {
        _index.Lock.EnterReadLock();
        try
        {
            return _index.LabelsOf(slot);
        }
        finally
        {
            _index.Lock.ExitReadLock();
        }
    }

    void ReplayLog()
    {
        DeleteSegmentsBefore(_folder.Manifest.FirstSegment);
        var replay = new LogReplay(_files, _index, _head, _exemplars, _logger);
        Replay = replay.Run(_log.Directory, _folder.Manifest.FirstSegment, _clock);
        if (Replay.Segments > 0) _logger.LogReplayed(Replay.Segments, Replay.Samples, _index.Count, Replay.Duration.TotalSeconds);
        _bytesAtFreeze = -replay.BytesRead;
        _frozenAt = _clock.GetTimestamp();
        _newestMs = _head.Generation.MaxTimeMs;
        foreach (var block in _view.Blocks) _newestInBlocksMs = Math.Max(_newestInBlocksMs, block.MaxTimeMs);
        _newestMs = Math.Max(_newestMs, _newestInBlocksMs);
        if (Replay.DamagedRecords > 0) _metrics.WalCorruptions.Add(Replay.DamagedRecords);
    }
}
