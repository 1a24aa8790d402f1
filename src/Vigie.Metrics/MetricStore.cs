using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>The time-series store: a head in memory behind a write-ahead log, and immutable blocks on disk.</summary>
public sealed class MetricStore : ISampleSource, ISampleSink, IDisposable
{
    MetricStore()
    {
    }

    /// <summary>Opens the store in a folder, creating it if needed; replays the log.</summary>
    public static MetricStore Open(IFileSystem files, string path, MetricStoreOptions options, TimeProvider clock, ILogger logger) => new();

    public HeadStatistics Head => default;

    /// <summary>What the last <see cref="Open"/> replayed.</summary>
    public ReplayStatistics Replay => default;

    /// <summary>Null while data is accepted; else why not, and what restores service.</summary>
    public string? Unavailable => null;

    /// <summary>Metadata of metric families as last seen, by family name; all distinct entries.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<MetricMetadata>> Metadata => new Dictionary<string, IReadOnlyList<MetricMetadata>>();

    /// <summary>Top <paramref name="limit"/> of each kind.</summary>
    public StoreStatistics Statistics(int limit) => new(Head, [], [], [], []);

    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public IReadOnlyList<string> LabelNames(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) => [];

    public IReadOnlyList<string> LabelValues(
        string name, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) => [];

    /// <summary>Exemplars in the range of series that match any of the matcher sets, sorted by series.</summary>
    public IReadOnlyList<SeriesExemplars> Exemplars(IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range) => [];

    public SeriesRef Resolve(Labels labels) => default;

    public AppendResult Append(SampleBatch batch) => default;

    public void SetMetadata(string metricFamily, in MetricMetadata metadata)
    {
    }

    /// <summary>Deletes the samples in the range of the series that match any of the matcher sets.</summary>
    public DeletionReceipt Delete(IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range, CancellationToken cancellation) => default;

    /// <summary>Frees the disk space of deleted samples.</summary>
    public void CleanTombstones(CancellationToken cancellation)
    {
    }

    /// <summary>Does what is due: sync the log, write blocks, compact, drop what is past retention.</summary>
    public void Maintain(CancellationToken cancellation)
    {
    }

    public void Dispose()
    {
    }
}
