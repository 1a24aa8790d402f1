using System.Globalization;
using Microsoft.Extensions.Logging;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Remote;

/// <summary>
/// Remote write: a writer per entry of <c>remote_write:</c>, each reading the store's log from a position of its own that survives
/// restarts,
/// so that a receiver may be down for as long as the log fits its bound. docs/decisions/0006-remote-write-queue.md says why.
/// </summary>
public sealed class RemoteWriteService : IAsyncDisposable
{
    static readonly TimeSpan s_release = TimeSpan.FromSeconds(5);

    readonly ISampleLog _log;
    readonly Func<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>> _metadata;
    readonly RemoteWriteOptions _options;
    readonly IFileSystem _files;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly RemoteWriteMetrics _metrics;
    readonly SemaphoreSlim _applying = new(1);
    readonly ITimer _releasing;
    readonly Lock _releaseLock = new();
    List<(RemoteWriter Writer, Task Metadata, CancellationTokenSource StopMetadata)> _writers = [];     // replaced as a whole
    bool _isDisposed;

    public RemoteWriteService(
        ISampleLog log, Func<IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>>> metadata, RemoteWriteOptions options, IFileSystem files,
        TimeProvider clock, ILogger logger)
    {
        _log = log;
        _metadata = metadata;
        _options = options;
        _files = files;
        _clock = clock;
        _logger = logger;
        _metrics = new RemoteWriteMetrics(() => [.. Volatile.Read(ref _writers).Select(static one => one.Writer)], () => log.Kept.Sum(static one => one.Bytes));
        _releasing = clock.CreateTimer(_ => Release(), null, s_release, s_release);
    }

    /// <summary>Puts a configuration in force. Entries known by their name (without one: by their URL) go on where they were.</summary>
    public async Task ApplyAsync(PrometheusConfig config, CancellationToken cancellation)
    {
        await _applying.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_isDisposed) return;
            await StopWritersAsync(TimeSpan.Zero).ConfigureAwait(false);
            var writers = new List<(RemoteWriter, Task, CancellationTokenSource)>();
            var folders = new HashSet<string>(StringComparer.Ordinal);
            foreach (var entry in config.RemoteWrite)
            {
                if (entry.UnsupportedAuthentication is { } method)
                {
                    _logger.LogUnsupported(entry.Position.ToString(), method, entry.Url);
                    continue;
                }
                string key = KeyOf(entry, folders);
                string folder = Path.Combine(_options.Directory, key);
                string name = entry.Name.Length > 0 ? entry.Name : key;
                var client = new RemoteWriteClient(entry, _options.CreateHandler(entry.Http, entry.RoundRobinDns), _clock, _options.UserAgent);
                var target = new WriteTarget(entry, name, client, _metrics, _clock, _logger);
                var writer = new RemoteWriter(
                    target, _log, ShardPositions.Open(_files, folder, _logger), config.Global.ExternalLabels, _metadata, countsInput: writers.Count == 0);
                var stopMetadata = new CancellationTokenSource();
                var metadata = entry.Metadata.Send && !target.IsVersion2
                    ? new MetadataSender(target, _metadata).RunAsync(stopMetadata.Token) : Task.CompletedTask;
                writers.Add((writer, metadata, stopMetadata));
            }
            ForgetOthers(folders);
            if (writers.Count == 0)
            {
                _log.KeepNothing();
                return;
            }
            _log.Keep(writers.Min(static one => one.Item1.Prepare()));
            foreach (var (writer, _, _) in writers) writer.Start();
            Volatile.Write(ref _writers, writers);
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Sends what there is while receivers take it, within the flush deadline, and stops. What is left waits on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _applying.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isDisposed) return;
            _isDisposed = true;
            await _releasing.DisposeAsync().ConfigureAwait(false);
            await StopWritersAsync(_options.FlushDeadline).ConfigureAwait(false);
            _metrics.Dispose();
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>Gives up segments that every writer is done with, and the oldest ones at the bound.</summary>
    internal void Release()
    {
        lock (_releaseLock)
        {
            var writers = Volatile.Read(ref _writers);
            if (writers.Count == 0) return;
            try
            {
                _log.Keep(writers.Min(static one => one.Writer.OldestNeeded));
                DropAtBound();
            }
            catch (IOException problem)
            {
                _logger.LogKeepFailed(problem.Message);
            }
        }
    }

    void DropAtBound()
    {
        var kept = _log.Kept;
        long total = kept.Sum(static one => one.Bytes), bytes = total;
        int first = 0;
        while (bytes > _options.LogBytesMax && first < kept.Count - 1) bytes -= kept[first++].Bytes;
        if (first == 0) return;
        _metrics.LogDropped.Add(total - bytes);
        _logger.LogDropped(total, _options.LogBytesMax, kept[first].Segment);
        _log.Keep(kept[first].Segment);
    }

    async Task StopWritersAsync(TimeSpan drain)
    {
        var old = _writers;
        await Task.WhenAll(old.Select(one => one.Writer.StopAsync(drain))).ConfigureAwait(false);
        foreach (var (_, metadata, stop) in old)
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await metadata.ConfigureAwait(false);
            stop.Dispose();
        }
        Volatile.Write(ref _writers, []);
    }

    /// <summary>Destinations that are configured no more: their positions would hold the log for ever.</summary>
    void ForgetOthers(HashSet<string> folders)
    {
        foreach (string folder in _files.ListDirectories(_options.Directory))
            if (!folders.Contains(folder)) _files.DeleteDirectory(Path.Combine(_options.Directory, folder));
    }

    /// <summary>Six hexadecimal digits, the same as long as the entry keeps its name, or its URL.</summary>
    static string KeyOf(RemoteWriteConfig entry, HashSet<string> taken)
    {
        for (int repeat = 0; ; repeat++)
        {
            string identity = entry.Name.Length > 0 ? $"name {entry.Name}" : string.Create(CultureInfo.InvariantCulture, $"url {repeat} {entry.Url}");
            if (entry.Name.Length > 0 && repeat > 0) identity += " " + repeat.ToString(CultureInfo.InvariantCulture);
            string key = (Fnv1A.Add(Fnv1A.Start, identity) >> 40).ToString("x6", CultureInfo.InvariantCulture);
            if (taken.Add(key)) return key;
        }
    }
}
