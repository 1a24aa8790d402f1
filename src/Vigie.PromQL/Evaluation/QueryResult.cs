namespace Vigie.PromQL;

/// <summary>A query's value, the remarks on it, and what it took.</summary>
public sealed class QueryResult(QueryValue value, Annotations annotations, QueryStatistics statistics) : IDisposable
{
    public QueryValue Value { get; } = value;
    public Annotations Annotations { get; } = annotations;
    public QueryStatistics Statistics { get; } = statistics;

    public void Dispose() => Value.Dispose();
}

/// <param name="PeakSamples">Most samples held at a time.</param>
/// <param name="TotalQueryableSamples">Samples looked at, counted anew for each step.</param>
/// <param name="Duration">Wall time of the evaluation, planning included.</param>
public sealed record QueryStatistics(long PeakSamples, long TotalQueryableSamples, TimeSpan Duration)
{
    /// <summary>Most bytes held at a time, as far as <c>--query.max-memory</c> counts them.</summary>
    public long PeakBytes { get; init; }

    /// <summary>Wall time of planning.</summary>
    public TimeSpan Preparation { get; init; }

    /// <summary>How long the query waited for its turn.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>Samples looked at by step, the first of them at <see cref="StartMs"/>; null if they were not counted.</summary>
    public IReadOnlyList<long>? SamplesPerStep { get; init; }

    /// <summary>Time of the first step, Unix milliseconds.</summary>
    public long StartMs { get; init; }
    public long StepMs { get; init; }
}

/// <summary>A query that has ended, well or not.</summary>
/// <param name="StepMs">0 for an instant query.</param>
/// <param name="Statistics">Null if it failed.</param>
/// <param name="Error">Null if it succeeded.</param>
/// <param name="Origin">As its options had it.</param>
public sealed record FinishedQuery(
    Expression Expression, long StartMs, long EndMs, long StepMs, QueryStatistics? Statistics, string? Error, object? Origin);
