using Microsoft.Extensions.Logging;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>
/// Finds and scrapes the targets of a configuration into a store. <see cref="Apply"/> may be called again at any time; targets that stay
/// the same are scraped on without a break. Safe for concurrent use.
/// </summary>
public sealed class ScrapeService : IAsyncDisposable
{
    const int TurnThreadsMax = 4;

    readonly Lock _lock = new();
    readonly Dictionary<string, ScrapePool> _pools = new(StringComparer.Ordinal); // guarded by _lock, as is the next
    readonly List<ScrapePool> _removedPools = [];
    readonly CancellationTokenSource _shutdown = new();
    readonly ScrapeMetrics _metrics;
    readonly ISampleSink _sink;
    readonly TimeProvider _clock;
    readonly TurnClock? _turns;
    readonly ILogger _logger;
    readonly ScrapeOptions _options;

    public ScrapeService(ISampleSink sink, TimeProvider clock, ILoggerFactory loggers, ScrapeOptions? options = null)
    {
        _sink = sink;
        _turns = clock == TimeProvider.System ? new TurnClock(Math.Clamp(Environment.ProcessorCount, 1, TurnThreadsMax)) : null;
        _clock = _turns ?? clock;
        _logger = loggers.CreateLogger<ScrapeService>();
        _options = options ?? new ScrapeOptions();
        _metrics = new ScrapeMetrics(() => Pools().Select(static pool => pool.Measure()));
    }

    /// <summary>Starts, changes and ends scraping to fit <paramref name="config"/>. Returns at once.</summary>
    public void Apply(PrometheusConfig config)
    {
        ObjectDisposedException.ThrowIf(_shutdown.IsCancellationRequested, this);
        lock (_lock)
        {
            // Servers with the same configuration but other external labels scrape the same targets at other moments.
            ulong seed = Fnv1A.Add(config.Global.ExternalLabels.StableHash, _options.HostName);
            var context = new ScrapeContext(_sink, _clock, _logger, _metrics, _options, seed);
            var names = config.ScrapeConfigs.Select(static job => job.JobName).ToHashSet(StringComparer.Ordinal);
            foreach (string gone in _pools.Keys.Except(names).ToArray())
            {
                _pools.Remove(gone, out var pool);
                pool!.Remove();
                _removedPools.Add(pool);
            }
            foreach (var job in config.ScrapeConfigs)
            {
                if (_pools.TryGetValue(job.JobName, out var pool)) _metrics.PoolReloads.Add(1);
                else
                {
                    _metrics.Pools.Add(1);
                    _pools.Add(job.JobName, pool = new ScrapePool(context, _shutdown.Token));
                }
                pool.Apply(job);
            }
        }
    }

    /// <summary>The jobs by name, with their targets, as of now.</summary>
    public IReadOnlyList<ScrapePoolSnapshot> Snapshot() =>
        [.. Pools().Select(static pool => pool.Snapshot()).OrderBy(static pool => pool.Name, StringComparer.Ordinal)];

    /// <summary>
    /// Ends all scraping, without staleness markers: the targets will be there after the restart. Returns when no loop touches the store
    /// any more, or with an <see cref="OperationCanceledException"/>.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellation = default)
    {
        await _shutdown.CancelAsync().ConfigureAwait(false);
        List<ScrapePool> pools;
        lock (_lock) pools = [.. _pools.Values, .. _removedPools];
        await Task.WhenAll(pools.Select(static pool => pool.WaitAsync())).WaitAsync(cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _turns?.Dispose();
        _metrics.Dispose();
    }

    ScrapePool[] Pools()
    {
        lock (_lock) return [.. _pools.Values];
    }
}
