using System.Diagnostics.Metrics;

namespace Vigie.Metrics;

/// <summary>The store's own metrics, under the names people's dashboards for Prometheus use where it has the same thing.</summary>
sealed class StoreMetrics : IDisposable
{
    readonly Meter _meter = new("Vigie.Metrics");

    public StoreMetrics(MetricStore store, CardinalityGuard guard)
    {
        SamplesAppended = _meter.CreateCounter<long>("prometheus_tsdb_head_samples_appended_total", null, "Samples stored.");
        OutOfOrderSamples = _meter.CreateCounter<long>("prometheus_tsdb_out_of_order_samples_total", null, "Samples refused as out of order.");
        TooOldSamples = _meter.CreateCounter<long>("prometheus_tsdb_too_old_samples_total", null, "Samples refused as too old.");
        DuplicateSamples = _meter.CreateCounter<long>(
            "vigie_tsdb_duplicate_samples_total", null, "Samples refused because their series has another value at that time.");
        SeriesCreated = _meter.CreateCounter<long>("prometheus_tsdb_head_series_created_total", null, "Series created in the head.");
        SeriesRemoved = _meter.CreateCounter<long>("prometheus_tsdb_head_series_removed_total", null, "Series removed from the head.");
        WalFailures = _meter.CreateCounter<long>("prometheus_tsdb_wal_writes_failed_total", null, "Writes to the log that failed.");
        WalCorruptions = _meter.CreateCounter<long>("prometheus_tsdb_wal_corruptions_total", null, "Damaged records found in the log.");
        BlockCorruptions = _meter.CreateCounter<long>(
            "vigie_tsdb_block_corruptions_total", null, "Damaged chunks and sections found in blocks; they are left out of answers.");
        Compactions = _meter.CreateCounter<long>("prometheus_tsdb_compactions_total", null, "Compactions of blocks.");
        CompactionsFailed = _meter.CreateCounter<long>("prometheus_tsdb_compactions_failed_total", null, "Compactions and block writes that failed.");
        TimeRetentions = _meter.CreateCounter<long>("prometheus_tsdb_time_retentions_total", null, "Blocks dropped because of their age.");
        SizeRetentions = _meter.CreateCounter<long>("prometheus_tsdb_size_retentions_total", null, "Blocks dropped because of the limit on size.");
        SeriesExpired = _meter.CreateCounter<long>(
            "vigie_tsdb_series_retentions_total", null, "Series dropped from blocks because a retention rule keeps them shorter than others.");
        _meter.CreateObservableCounter(
            "vigie_tsdb_metadata_refused_total", () => store.MetadataRefused, null, "Metric families whose metadata is not kept because there are too many.");
        _meter.CreateObservableGauge("vigie_tsdb_replaced_bytes", () => store.ReplacedBytes, null, "Bytes of files that are kept a while for copies of the folder.");
        _meter.CreateObservableGauge("vigie_tsdb_rollup_bytes", () => store.RollupBytes, null, "Bytes of all downsampled aggregates.");
        _meter.CreateObservableCounter("vigie_tsdb_series_refused_total", guard.Measure, null,
            "Times a new series was refused because of a limit, by the job, metric or label that is at it.");
        _meter.CreateObservableGauge("vigie_tsdb_series_limit", () => guard.Limits.Series, null, "Most series taken into the head, 0 for no limit.");
        _meter.CreateObservableGauge("prometheus_tsdb_head_series", () => store.Head.Series, null, "Series in the head.");
        _meter.CreateObservableGauge("prometheus_tsdb_head_chunks", () => store.Head.Chunks, null, "Chunks in the head.");
        _meter.CreateObservableGauge("prometheus_tsdb_head_min_time", () => store.Head.MinTimeMs, null, "Oldest sample in the head, Unix ms.");
        _meter.CreateObservableGauge("prometheus_tsdb_head_max_time", () => store.Head.MaxTimeMs, null, "Newest sample in the head, Unix ms.");
        _meter.CreateObservableGauge(
            "prometheus_tsdb_head_min_time_seconds", () => store.Head.MinTimeMs / 1000, null, "Oldest sample in the head, Unix seconds.");
        _meter.CreateObservableGauge(
            "prometheus_tsdb_head_max_time_seconds", () => store.Head.MaxTimeMs / 1000, null, "Newest sample in the head, Unix seconds.");
        _meter.CreateObservableGauge("prometheus_tsdb_lowest_timestamp", () => store.OldestMs, null, "Oldest sample, Unix ms.");
        _meter.CreateObservableGauge(
            "prometheus_tsdb_lowest_timestamp_seconds", () => store.OldestMs / 1000, null, "Oldest sample, Unix seconds.");
        _meter.CreateObservableGauge(
            "prometheus_tsdb_retention_limit_seconds", () => store.Options.Retention?.TotalSeconds ?? 0, null, "Age at which samples are dropped.");
        _meter.CreateObservableGauge(
            "prometheus_tsdb_retention_limit_bytes", () => store.Options.RetentionBytesMax ?? 0, null, "Size above which blocks are dropped.");
        _meter.CreateObservableGauge("prometheus_tsdb_exemplar_exemplars_in_storage", () => store.ExemplarCount, null, "Exemplars kept.");
        _meter.CreateObservableGauge("prometheus_tsdb_blocks_loaded", () => store.BlockCount, null, "Blocks on disk.");
        _meter.CreateObservableGauge("prometheus_tsdb_storage_blocks_bytes", () => store.BlockBytes, null, "Bytes of all blocks.");
        _meter.CreateObservableGauge("prometheus_tsdb_wal_storage_size_bytes", () => store.LogBytes, null, "Bytes of the log.");
        _meter.CreateObservableGauge(
            "vigie_tsdb_available", () => store.Unavailable is null ? 1 : 0, null, "1 while samples can be stored, 0 while the disk refuses them.");
    }

    public Counter<long> SamplesAppended { get; }
    public Counter<long> OutOfOrderSamples { get; }
    public Counter<long> TooOldSamples { get; }
    public Counter<long> DuplicateSamples { get; }
    public Counter<long> SeriesCreated { get; }
    public Counter<long> SeriesRemoved { get; }
    public Counter<long> WalFailures { get; }
    public Counter<long> WalCorruptions { get; }
    public Counter<long> BlockCorruptions { get; }
    public Counter<long> Compactions { get; }
    public Counter<long> CompactionsFailed { get; }
    public Counter<long> TimeRetentions { get; }
    public Counter<long> SizeRetentions { get; }
    public Counter<long> SeriesExpired { get; }

    public void Dispose() => _meter.Dispose();
}
