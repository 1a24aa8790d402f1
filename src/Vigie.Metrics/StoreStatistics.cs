using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>What a store holds in memory now.</summary>
/// <param name="MinTimeMs">Oldest sample in memory, <see cref="long.MaxValue"/> if there is none.</param>
/// <param name="MaxTimeMs">Newest sample in memory, <see cref="long.MinValue"/> if there is none.</param>
public readonly record struct HeadStatistics(long Series, long Chunks, long LabelPairs, long MinTimeMs, long MaxTimeMs);

/// <param name="Name">What is counted: a metric name, a label name, or <c>name=value</c>.</param>
public readonly record struct NamedCount(string Name, long Value);

/// <summary>Cardinality of the series in memory, as <c>/api/v1/status/tsdb</c> shows it; each list greatest first.</summary>
/// <param name="MemoryInBytesByLabelName">Total length of the distinct values of a label.</param>
public sealed record StoreStatistics(
    HeadStatistics Head,
    IReadOnlyList<NamedCount> SeriesCountByMetricName,
    IReadOnlyList<NamedCount> LabelValueCountByLabelName,
    IReadOnlyList<NamedCount> MemoryInBytesByLabelName,
    IReadOnlyList<NamedCount> SeriesCountByLabelValuePair)
{
    public IReadOnlyList<NamedCount> SeriesCountByJob { get; init; } = [];
}

/// <summary>What the series are, and which were not taken.</summary>
/// <param name="Targets">Series by job and instance, greatest first.</param>
public sealed record CardinalityReport(
    StoreStatistics Statistics, IReadOnlyList<((string Job, string Instance) Target, long Series)> Targets, SeriesLimits Limits,
    IReadOnlyList<RefusedSeries> Refused);

/// <summary>The exemplars of one series, ascending by time.</summary>
public sealed record SeriesExemplars(Labels Series, IReadOnlyList<Exemplar> Exemplars);

/// <summary>Receipt of a deletion.</summary>
/// <param name="Series">Series that had samples in the range.</param>
/// <param name="Samples">Samples that no query will show again.</param>
public readonly record struct DeletionReceipt(long Series, long Samples);

/// <summary>What opening a store found in its log.</summary>
/// <param name="DamagedRecords">Places where the log was torn or damaged and had to be cut.</param>
/// <param name="DamagedBytes">Bytes of the log that could not be read because of that.</param>
public readonly record struct ReplayStatistics(int Segments, long Records, long Samples, int DamagedRecords, long DamagedBytes, TimeSpan Duration);
