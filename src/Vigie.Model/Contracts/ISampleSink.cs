using System.Diagnostics.CodeAnalysis;

namespace Vigie.Model;

/// <summary>
/// Names a series inside a store for fast appends. Valid until the store drops the series; an append to a dropped one is refused as
/// <see cref="AppendOutcome.UnknownSeries"/> and the caller resolves the labels again. <c>default</c> is never valid.
/// </summary>
public readonly record struct SeriesRef(ulong Value)
{
    public bool IsValid => Value != 0;
}

/// <summary>Why a sample was not stored; <see cref="Stored"/> if it was.</summary>
public enum AppendOutcome : byte
{
    Stored,
    /// <summary>Older than the newest sample of its series, and out-of-order samples are not accepted (that far back).</summary>
    OutOfOrder,
    /// <summary>Same timestamp as a stored sample with another value. (The same value again counts as stored.)</summary>
    DuplicateTimestamp,
    /// <summary>Older than anything the store still accepts.</summary>
    TooOld,
    /// <summary>The reference is no longer (or never was) that of a series.</summary>
    UnknownSeries,
    /// <summary>A series limit refused the series.</summary>
    SeriesLimit,
}

/// <summary>How one append went. Counts are of samples.</summary>
public readonly record struct AppendResult(int Stored, int OutOfOrder, int DuplicateTimestamp, int TooOld, int UnknownSeries);

/// <summary>The write side of a metrics store. Safe for concurrent use; one batch belongs to one thread.</summary>
public interface ISampleSink
{
    /// <summary>The reference of a series, created if it is new.</summary>
    /// <exception cref="SeriesLimitException">A limit does not allow another series.</exception>
    SeriesRef Resolve(Labels labels);

    /// <summary>Like <see cref="Resolve"/> for senders that may be refused often: no exception is made.</summary>
    /// <param name="refusal">The limit that does not allow another series.</param>
    bool TryResolve(Labels labels, out SeriesRef series, [NotNullWhen(false)] out string? refusal)
    {
        try
        {
            (series, refusal) = (Resolve(labels), null);
            return true;
        }
        catch (SeriesLimitException problem)
        {
            (series, refusal) = (default, problem.Message);
            return false;
        }
    }

    /// <summary>
    /// Appends a batch. When it returns, the samples are acknowledged: they are in the log, survive the death of the process, and queries
    /// see them. Samples are judged one by one (<see cref="SampleBatch.OutcomeOf"/>); one that is refused does not hold up the others.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The log cannot be written (disk full, I/O error). Nothing of the batch is stored.</exception>
    AppendResult Append(SampleBatch batch);

    /// <summary>Keeps type, help and unit of a metric family, as seen at one target or write.</summary>
    void SetMetadata(string metricFamily, in MetricMetadata metadata);
}

/// <summary>A store cannot accept data now; the message says why and what restores service.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A limit on the number of series refused a new one; the message names the limit.</summary>
public sealed class SeriesLimitException(string message) : Exception(message);

/// <param name="Type">counter, gauge, histogram, gaugehistogram, summary, info, stateset or unknown.</param>
public readonly record struct MetricMetadata(string Type, string Help, string Unit);
