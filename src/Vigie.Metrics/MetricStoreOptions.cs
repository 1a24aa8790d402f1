namespace Vigie.Metrics;

/// <summary>Limits and times of a <see cref="MetricStore"/>. Defaults are Prometheus' where it has the setting.</summary>
public sealed record MetricStoreOptions
{
    /// <summary>Samples older than this are dropped, block by block; null keeps them for ever. Prometheus: storage.tsdb.retention.time.</summary>
    public TimeSpan? Retention { get; init; } = TimeSpan.FromDays(15);

    /// <summary>Series that are kept shorter or longer than <see cref="Retention"/>; the first rule that matches a series counts.</summary>
    public IReadOnlyList<RetentionRule> RetentionRules { get; init; } = [];

    /// <summary>Aggregates to keep beyond <see cref="Retention"/>; one rule per resolution.</summary>
    public IReadOnlyList<DownsamplingRule> Downsampling { get; init; } = [];

    /// <summary>Bytes on disk above which the oldest blocks are dropped; null for no limit. Prometheus: storage.tsdb.retention.size.</summary>
    public long? RetentionBytesMax { get; init; }

    /// <summary>How far behind the newest sample of the store an out-of-order sample may be. 0 refuses them. Prometheus:
    /// storage.tsdb.out_of_order_time_window.</summary>
    public TimeSpan OutOfOrderWindow { get; init; } = TimeSpan.Zero;

    /// <summary>How many series are taken, in all and per job, metric and label.</summary>
    public SeriesLimits SeriesLimits { get; init; } = new();

    /// <summary>Exemplars kept, newest first; 0 keeps none. Prometheus: storage.exemplars.max_exemplars.</summary>
    public int ExemplarsMax { get; init; } = 100_000;

    /// <summary>Age at which the samples in memory are written to a block.</summary>
    public TimeSpan HeadSpanMax { get; init; } = TimeSpan.FromHours(2);

    /// <summary>Size of the write-ahead log at which the samples in memory are written to a block: it bounds memory and restart time.</summary>
    public long LogBytesMax { get; init; } = 32 << 20;

    /// <summary>How often the log is synced: what a power cut (not the death of the process) can lose.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest span of time one block may grow to by compaction.</summary>
    public TimeSpan BlockSpanMax { get; init; } = TimeSpan.FromDays(2);

    /// <summary>How long files that were replaced (log segments that are in blocks, blocks that were merged) stay, so that a plain copy of the folder is
    /// whole. 0: they are deleted at once.</summary>
    public TimeSpan ReplacedFilesKept { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>False leaves syncing, block writing, compaction and retention to calls of <see cref="MetricStore.Maintain"/> (tests).</summary>
    public bool RunsInBackground { get; init; } = true;
}
