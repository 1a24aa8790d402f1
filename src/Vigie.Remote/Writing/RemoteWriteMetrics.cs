using System.Diagnostics.Metrics;

namespace Vigie.Remote;

using Tag = KeyValuePair<string, object?>;

/// <summary>What sending tells about itself, under Prometheus' names, with labels remote_name and url.</summary>
sealed class RemoteWriteMetrics : IDisposable
{
    const string Prefix = "prometheus_remote_storage_";

    static readonly InstrumentAdvice<double> s_durations = new()
    {
        HistogramBucketBoundaries = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 25, 60, 120, 300],
    };

    readonly Meter _meter = new("Vigie.Remote");

    public RemoteWriteMetrics(Func<IReadOnlyList<RemoteWriter>> writers, Func<long> keptBytes)
    {
        Samples = Kinds("_total", "sent");
        Failed = Kinds("_failed_total", "refused by the receiver for good");
        Retried = Kinds("_retried_total", "sent again after a failure");
        Dropped = Kinds("_dropped_total", "dropped before they were sent, by reason");
        MetadataSent = _meter.CreateCounter<long>(Prefix + "metadata_total", null, "Metadata entries sent.");
        MetadataFailed = _meter.CreateCounter<long>(Prefix + "metadata_failed_total", null, "Metadata entries refused by the receiver.");
        MetadataRetried = _meter.CreateCounter<long>(Prefix + "metadata_retried_total", null, "Metadata entries sent again after a failure.");
        EnqueueRetries = _meter.CreateCounter<long>(Prefix + "enqueue_retries_total", null, "Waits for room in a shard's queue.");
        Bytes = _meter.CreateCounter<long>(Prefix + "bytes_total", null, "Bytes of sample data sent, compressed.");
        MetadataBytes = _meter.CreateCounter<long>(Prefix + "metadata_bytes_total", null, "Bytes of metadata sent, compressed.");
        SentBatchDuration = _meter.CreateHistogram<double>(
            Prefix + "sent_batch_duration_seconds", null, "Duration of requests.", advice: s_durations);
        SamplesIn = _meter.CreateCounter<long>(Prefix + "samples_in_total", null, "Samples read to be sent, once for all destinations.");
        HistogramsIn = _meter.CreateCounter<long>(Prefix + "histograms_in_total", null, "Histograms read to be sent.");
        ExemplarsIn = _meter.CreateCounter<long>(Prefix + "exemplars_in_total", null, "Exemplars read to be sent.");
        LogDropped = _meter.CreateCounter<long>(
            "vigie_remote_storage_log_dropped_bytes_total", null, "Bytes of the log dropped unsent at the bound of what may wait on disk.");
        Split = _meter.CreateCounter<long>(
            "vigie_remote_storage_batches_split_total", null, "Requests refused after a restart and sent again in parts, as they may repeat samples.");
        Gauge("samples_pending", "Samples in the queues of shards.", writers, static one => one.PendingSamples);
        Gauge("histograms_pending", "Histograms in the queues of shards.", writers, static one => one.PendingHistograms);
        Gauge("exemplars_pending", "Exemplars in the queues of shards.", writers, static one => one.PendingExemplars);
        Gauge("shards", "Shards sending.", writers, static one => one.Shards);
        Gauge("shards_min", "Least number of shards.", writers, static one => one.Config.Queue.MinShards);
        Gauge("shards_max", "Greatest number of shards.", writers, static one => one.Config.Queue.MaxShards);
        Gauge("shards_desired", "Shards the rates ask for.", writers, static one => one.DesiredShards);
        Gauge("shard_capacity", "Samples each shard's queue holds.", writers, static one => one.Config.Queue.Capacity);
        Gauge("max_samples_per_send", "Greatest number of samples in a request.", writers, static one => one.Config.Queue.MaxSamplesPerSend);
        Gauge("queue_highest_sent_timestamp_seconds", "Newest sample sent, Unix seconds.", writers, static one => one.HighestSentMs / 1000.0);
        Gauge("queue_highest_timestamp_seconds", "Newest sample put into the queues, Unix seconds.", writers, static one => one.HighestReadMs / 1000.0);
        _meter.CreateObservableGauge(Prefix + "highest_timestamp_in_seconds",
            () => writers().Select(static one => one.HighestReadMs).DefaultIfEmpty().Max() / 1000.0, null, "Newest sample read, Unix seconds.");
        Gauge("vigie_remote_storage_log_pending_bytes", "Bytes of the log not read yet.", writers, static one => one.PendingLogBytes, isOwn: true);
        _meter.CreateObservableGauge(
            "vigie_remote_storage_log_kept_bytes", keptBytes, null, "Bytes of log segments kept until they are sent.");
    }

    /// <summary>Samples, histograms and exemplars.</summary>
    public readonly record struct KindCounters(Counter<long> Samples, Counter<long> Histograms, Counter<long> Exemplars)
    {
        public void Add(int samples, int histograms, int exemplars, Destination to)
        {
            if (samples > 0) Samples.Add(samples, to.Name, to.Url);
            if (histograms > 0) Histograms.Add(histograms, to.Name, to.Url);
            if (exemplars > 0) Exemplars.Add(exemplars, to.Name, to.Url);
        }
    }

    /// <summary>The labels of one destination.</summary>
    public sealed record Destination(Tag Name, Tag Url)
    {
        public static Destination Of(string name, string url) => new(new Tag("remote_name", name), new Tag("url", url));
    }

    public KindCounters Samples { get; }
    public KindCounters Failed { get; }
    public KindCounters Retried { get; }
    public KindCounters Dropped { get; }
    public Counter<long> MetadataSent { get; }
    public Counter<long> MetadataFailed { get; }
    public Counter<long> MetadataRetried { get; }
    public Counter<long> EnqueueRetries { get; }
    public Counter<long> Bytes { get; }
    public Counter<long> MetadataBytes { get; }
    public Histogram<double> SentBatchDuration { get; }
    public Counter<long> SamplesIn { get; }
    public Counter<long> HistogramsIn { get; }
    public Counter<long> ExemplarsIn { get; }
    public Counter<long> LogDropped { get; }
    public Counter<long> Split { get; }

    public void Dispose() => _meter.Dispose();

    KindCounters Kinds(string suffix, string what) => new(
        _meter.CreateCounter<long>(Prefix + "samples" + suffix, null, $"Samples {what}."),
        _meter.CreateCounter<long>(Prefix + "histograms" + suffix, null, $"Histograms {what}."),
        _meter.CreateCounter<long>(Prefix + "exemplars" + suffix, null, $"Exemplars {what}."));

    void Gauge(string name, string help, Func<IReadOnlyList<RemoteWriter>> writers, Func<RemoteWriter, double> value, bool isOwn = false) =>
        _meter.CreateObservableGauge(isOwn ? name : Prefix + name,
            () => writers().Select(one => new Measurement<double>(value(one), one.Destination.Name, one.Destination.Url)), null, help);
}
