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
/// <param name="Duration">Wall time of the evaluation.</param>
public sealed record QueryStatistics(long PeakSamples, long TotalQueryableSamples, TimeSpan Duration)
{
    /// <summary>Most bytes held at a time, as far as <c>--query.max-memory</c> counts them.</summary>
    public long PeakBytes { get; init; }
}
