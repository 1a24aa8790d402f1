using Vigie.Configuration.Prometheus;

namespace Vigie.Remote;

/// <summary>What the number of shards is decided on.</summary>
/// <param name="InPerSecond">Samples read from the log.</param>
/// <param name="DroppedPerSecond">Of those, taken out by relabelling or age.</param>
/// <param name="OutPerSecond">Samples sent.</param>
/// <param name="SendingSecondsPerSecond">Time spent in requests, all shards together.</param>
/// <param name="PendingSamples">Read or still in the log, not sent.</param>
readonly record struct WriteRates(
    double InPerSecond, double DroppedPerSecond, double OutPerSecond, double SendingSecondsPerSecond, double PendingSamples);

/// <summary>How many shards a destination needs (Prometheus, docs/practices/remote_write.md; storage/remote,
/// calculateDesiredShards).</summary>
static class ShardCount
{
    /// <summary>Changes below this share are not made.</summary>
    const double Tolerance = 0.3;

    /// <summary>Share of what is pending that shall be caught up with per second.</summary>
    const double CatchUpPerSecond = 0.05;

    /// <summary>So far behind the number is not lowered.</summary>
    const double DelaySecondsMax = 10;

    /// <param name="desired">Before rounding and bounds, for the metric.</param>
    public static int Choose(int current, in WriteRates rates, RemoteQueueConfig queue, out double desired)
    {
        desired = current;
        if (rates.OutPerSecond <= 0) return current;
        double kept = rates.OutPerSecond / (rates.DroppedPerSecond + rates.OutPerSecond);
        double secondsPerSample = rates.SendingSecondsPerSecond / rates.OutPerSecond;
        desired = secondsPerSample * ((rates.InPerSecond * kept) + (CatchUpPerSecond * rates.PendingSamples));
        double rounded = Math.Ceiling(desired);
        if (rounded >= current * (1 - Tolerance) && rounded <= current * (1 + Tolerance)) return Bounded(current, queue);
        double delaySeconds = rates.InPerSecond > 0 ? rates.PendingSamples / rates.InPerSecond : 0;
        if (rounded < current && delaySeconds > DelaySecondsMax) return Bounded(current, queue);
        return Bounded((int)Math.Min(rounded, int.MaxValue), queue);
    }

    public static int Bounded(int count, RemoteQueueConfig queue) => (int)Math.Clamp(count, queue.MinShards, queue.MaxShards);
}
