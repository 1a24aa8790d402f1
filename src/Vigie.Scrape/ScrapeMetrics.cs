using System.Diagnostics.Metrics;

namespace Vigie.Scrape;

/// <summary>What the scraper says about itself, under Prometheus' names.</summary>
sealed class ScrapeMetrics : IDisposable
{
    public const string MeterName = "Vigie.Scrape";

    readonly Meter _meter = new(MeterName);

    /// <param name="pools">Name, targets, target limit and remembered metadata of each pool at this moment.</param>
    public ScrapeMetrics(Func<IEnumerable<(string Job, int Targets, long TargetLimit, int Metadata, int Discovered)>> pools)
    {
        _meter.CreateObservableGauge("prometheus_target_scrape_pool_targets",
            () => pools().Select(pool => Of(pool.Targets, "scrape_job", pool.Job)), null, "Current number of targets in this scrape pool.");
        _meter.CreateObservableGauge("prometheus_target_scrape_pool_target_limit",
            () => pools().Select(pool => Of(pool.TargetLimit, "scrape_job", pool.Job)), null,
                "Maximum number of targets allowed in this scrape pool.");
        _meter.CreateObservableGauge("prometheus_target_metadata_cache_entries",
            () => pools().Select(pool => Of(pool.Metadata, "scrape_job", pool.Job)), null,
                "Total number of metric metadata entries in the cache.");
        _meter.CreateObservableGauge("prometheus_sd_discovered_targets",
            () => pools().Select(pool => new Measurement<int>(pool.Discovered, [new("name", "scrape"), new("config", pool.Job)])), null,
            "Current number of discovered targets.");
        Pools = Counter("prometheus_target_scrape_pools_total", "Total number of scrape pool creation attempts.");
        PoolReloads = Counter("prometheus_target_scrape_pool_reloads_total", "Total number of scrape pool reloads.");
        PoolSyncs = Counter("prometheus_target_scrape_pool_sync_total", "Total number of syncs that were executed on a scrape pool.");
        SyncFailures = Counter("prometheus_target_sync_failed_total", "Total number of target sync failures.");
        TargetLimitExceeded = Counter("prometheus_target_scrape_pool_exceeded_target_limit_total",
            "Total number of times scrape pools hit the target limit, during sync or config reload.");
        LabelLimitExceeded = Counter("prometheus_target_scrape_pool_exceeded_label_limits_total",
            "Total number of times scrape pools hit the label limits, during sync or config reload.");
        SampleLimitExceeded = Counter("prometheus_target_scrapes_exceeded_sample_limit_total",
            "Total number of scrapes that hit the sample limit and were rejected.");
        BodySizeExceeded = Counter("prometheus_target_scrapes_exceeded_body_size_limit_total",
            "Total number of scrapes that hit the body size limit.");
        Duplicates = Counter("prometheus_target_scrapes_sample_duplicate_timestamp_total",
            "Total number of samples rejected due to duplicate timestamps but different values.");
        OutOfOrder = Counter("prometheus_target_scrapes_sample_out_of_order_total",
            "Total number of samples rejected due to not being out of the expected order.");
        OutOfBounds = Counter("prometheus_target_scrapes_sample_out_of_bounds_total",
            "Total number of samples rejected due to timestamp falling outside of the time bounds.");
        SeriesRefused = Counter("vigie_scrape_series_refused_total", "Samples not stored because a series limit refused their series.");
        DiscoveryUpdates = Counter("prometheus_sd_received_updates_total", "Total number of update events received from the SD providers.");
        DiscoveryFailures = Counter("prometheus_sd_refresh_failures_total", "Number of refresh failures for the given SD mechanism.");
        IntervalLength = _meter.CreateHistogram<double>("prometheus_target_interval_length_seconds", "s",
            "Actual intervals between scrapes.");
        SyncLength = _meter.CreateHistogram<double>("prometheus_target_sync_length_seconds", "s",
            "Actual interval to sync the scrape pool.");
    }

    public Counter<long> Pools { get; }
    public Counter<long> PoolReloads { get; }
    public Counter<long> PoolSyncs { get; }
    public Counter<long> SyncFailures { get; }
    public Counter<long> TargetLimitExceeded { get; }
    public Counter<long> LabelLimitExceeded { get; }
    public Counter<long> SampleLimitExceeded { get; }
    public Counter<long> BodySizeExceeded { get; }
    public Counter<long> Duplicates { get; }
    public Counter<long> OutOfOrder { get; }
    public Counter<long> OutOfBounds { get; }
    public Counter<long> SeriesRefused { get; }
    public Counter<long> DiscoveryUpdates { get; }
    public Counter<long> DiscoveryFailures { get; }
    public Histogram<double> IntervalLength { get; }
    public Histogram<double> SyncLength { get; }

    public void Dispose() => _meter.Dispose();

    Counter<long> Counter(string name, string description) => _meter.CreateCounter<long>(name, null, description);

    static Measurement<T> Of<T>(T value, string label, string text) where T : struct => new(value, [new(label, text)]);
}
