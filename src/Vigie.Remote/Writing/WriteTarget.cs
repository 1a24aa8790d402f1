using Microsoft.Extensions.Logging;
using Vigie.Configuration.Prometheus;
using Vigie.Protocols.RemoteWrite;

namespace Vigie.Remote;

/// <summary>What the shards of one destination share: where they send, how they count, what they know of time. Safe for concurrent
/// use.</summary>
sealed class WriteTarget(
    RemoteWriteConfig config, string name, RemoteWriteClient client, RemoteWriteMetrics metrics, TimeProvider clock, ILogger logger)
{
    const string MessageV2 = "io.prometheus.write.v2.Request";
    long _highestSentMs;
    long _lastSent;

    public RemoteWriteConfig Config => config;
    public string Name => name;
    public RemoteWriteClient Client => client;
    public RemoteWriteMetrics Metrics => metrics;
    public RemoteWriteMetrics.Destination Destination { get; } = RemoteWriteMetrics.Destination.Of(name, config.Url);
    public TimeProvider Clock => clock;
    public ILogger Logger => logger;
    public bool IsVersion2 => config.ProtobufMessage == MessageV2;

    public MovingRate OutRate { get; } = new();
    public MovingRate OutDuration { get; } = new();

    /// <summary>Of the newest sample that was delivered, Unix milliseconds.</summary>
    public long HighestSentMs => Volatile.Read(ref _highestSentMs);

    /// <summary>Clock timestamp of the last request that was delivered; 0 before.</summary>
    public long LastSent => Volatile.Read(ref _lastSent);

    public IRemoteWriteEncoder CreateEncoder() => IsVersion2 ? new RemoteWriteEncoderV2() : new RemoteWriteEncoderV1();

    /// <summary>Samples before this are not sent; null if all are.</summary>
    public long? OldestAllowedMs() => config.Queue.SampleAgeLimit > TimeSpan.Zero
        ? (clock.GetUtcNow() - config.Queue.SampleAgeLimit).ToUnixTimeMilliseconds() : null;

    /// <summary>Counts one request.</summary>
    public void Sent(WriteBatch batch, int bytes, TimeSpan duration, in SendResult result)
    {
        metrics.SentBatchDuration.Record(duration.TotalSeconds, Destination.Name, Destination.Url);
        metrics.Bytes.Add(bytes, Destination.Name, Destination.Url);
        if (result.Outcome == SendOutcome.Retry)
        {
            metrics.Retried.Add(batch.Samples, batch.Histograms, batch.Exemplars, Destination);
            return;
        }
        OutRate.Add(batch.Samples + batch.Histograms);
        OutDuration.Add(duration.Ticks);
        if (result.Outcome != SendOutcome.Delivered) return;
        metrics.Samples.Add(batch.Samples, batch.Histograms, batch.Exemplars, Destination);
        Volatile.Write(ref _lastSent, clock.GetTimestamp());
        long highest = batch.NewestMs;
        for (long seen = HighestSentMs; seen < highest; seen = HighestSentMs)
            if (Interlocked.CompareExchange(ref _highestSentMs, highest, seen) == seen) break;
    }

    public void Rejected(WriteBatch batch, string problem)
    {
        metrics.Failed.Add(batch.Samples, batch.Histograms, batch.Exemplars, Destination);
        logger.LogRejected(name, batch.Samples, batch.Histograms, batch.Exemplars, problem);
    }

    public void DroppedTooOld(int samples, int histograms) => Dropped(samples, histograms, 0, DropReason.TooOld);

    public void Dropped(long samples, long histograms, long exemplars, KeyValuePair<string, object?> reason)
    {
        if (samples > 0) metrics.Dropped.Samples.Add(samples, Destination.Name, Destination.Url, reason);
        if (histograms > 0) metrics.Dropped.Histograms.Add(histograms, Destination.Name, Destination.Url, reason);
        if (exemplars > 0) metrics.Dropped.Exemplars.Add(exemplars, Destination.Name, Destination.Url, reason);
    }
}
