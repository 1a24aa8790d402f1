using System.Globalization;
using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// The aggregates of one downsampling rule: a column per aggregate under <c>rollups/300s/min</c> and so on. Used by one thread at a time.
/// </summary>
sealed class RollupTier : IDisposable
{
    public const string Folder = "rollups";
    /// <summary>Windows that one pass computes, at most: it bounds how long a pass holds up other maintenance.</summary>
    const int PassWindowsMax = 72;
    /// <summary>Fewer windows are left to wait, so that blocks do not become tiny.</summary>
    const int PassWindowsMin = 24;
    /// <summary>Longest span of one block, in windows.</summary>
    const int BlockWindowsMax = 20_000;

    static readonly Rollup[] Aggregates = Enum.GetValues<Rollup>();

    readonly RollupColumn[] _columns;
    readonly string _name;
    readonly RollupWindows _windows;
    long _throughMs;

    public RollupTier(IFileSystem files, string storePath, DownsamplingRule rule, ReplacedFiles replaced, Action onDamage, ILogger logger)
    {
        Rule = rule;
        ResolutionMs = (long)rule.Resolution.TotalMilliseconds;
        _windows = new RollupWindows(ResolutionMs);
        _name = Path.Combine(Folder, NameOf(rule.Resolution));
        _columns = [.. Aggregates.Select(aggregate => new RollupColumn(files, Path.Combine(storePath, FolderOf(aggregate)), replaced, onDamage, logger))];
        // Windows that only some of the columns have (a crash between two of them) are computed again: of equal times the first stays.
        _throughMs = _columns[(int)Rollup.Last].Blocks.Length == 0
            ? long.MinValue : _columns.Where(static c => c.Blocks.Length > 0).Min(static c => c.Blocks.Max(static block => block.MaxTimeMs));
    }

    public DownsamplingRule Rule { get; }
    public long ResolutionMs { get; }
    public long Bytes => _columns.Sum(static column => column.Bytes);

    /// <summary>Samples up to here are in the aggregates, Unix milliseconds; <see cref="long.MinValue"/> if none are.</summary>
    public long ThroughMs => Volatile.Read(ref _throughMs);

    /// <summary>The blocks as they are now, for readers.</summary>
    public RollupView View => new(ResolutionMs, [.. _columns.Select(static column => column.Blocks)]);

    /// <summary>The next stretch of windows that is due, as a range of sample times; null if there is none.</summary>
    /// <param name="firstSampleAfter">Time of the first sample after a time; null if there is none.</param>
    public TimeRange? NextPass(long nowMs, Func<long, long?> firstSampleAfter)
    {
        long due = nowMs - (long)Rule.After.TotalMilliseconds;
        due = _windows.EndOf(due) == due ? due : _windows.EndOf(due) - ResolutionMs;
        if (firstSampleAfter(_throughMs) is not { } first) return null;
        long from = Math.Max(_throughMs, _windows.EndOf(first) - ResolutionMs);
        long to = Math.Min(due, from + (PassWindowsMax * ResolutionMs));
        return to - from < PassWindowsMin * ResolutionMs ? null : new TimeRange(from + 1, to);
    }

    /// <summary>Aggregates a stretch of samples and adds it to the columns.</summary>
    /// <param name="series">All samples of the rule's series in the stretch, sorted by labels.</param>
    public void Add(ISeriesSet series, TimeRange pass, CancellationToken cancellation)
    {
        var writers = new BlockWriter[_columns.Length];
        var numbers = new ulong[_columns.Length];
        try
        {
            for (int i = 0; i < writers.Length; i++) writers[i] = _columns[i].CreateWriter(out numbers[i]);
            var samples = new SampleColumns();
            for (int i = 0; i < series.Count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                samples.Clear();
                series.Read(i, samples);
                if (samples.Count == 0) continue;
                var labels = series.LabelsOf(i);
                _windows.Aggregate(samples, IsCounter(labels));
                foreach (var aggregate in Aggregates) writers[(int)aggregate].Add(labels, _windows[aggregate]);
            }
            for (int i = 0; i < writers.Length; i++) _columns[i].Add(writers[i], numbers[i]);
            Volatile.Write(ref _throughMs, pass.EndMs);
        }
        finally
        {
            foreach (var writer in writers) writer?.Dispose();
        }
    }

    public void Maintain(long nowMs, CancellationToken cancellation)
    {
        foreach (var column in _columns)
        {
            column.Compact(Rule.Resolution * BlockWindowsMax, cancellation);
            if (Rule.Keep is { } keep) column.DropBefore(nowMs - (long)keep.TotalMilliseconds);
        }
    }

    /// <summary>A window that holds any of the deleted time goes as a whole.</summary>
    public void Delete(IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range, CancellationToken cancellation)
    {
        long end = range.EndMs > long.MaxValue - ResolutionMs ? long.MaxValue : range.EndMs + ResolutionMs - 1;
        foreach (var column in _columns) column.Delete(matcherSets, new TimeRange(range.StartMs, end), cancellation);
    }

    public void CleanTombstones(CancellationToken cancellation)
    {
        foreach (var column in _columns) column.CleanTombstones(cancellation);
    }

    public void LinkTo(string storePath)
    {
        foreach (var aggregate in Aggregates) _columns[(int)aggregate].LinkTo(Path.Combine(storePath, FolderOf(aggregate)));
    }

    public void Dispose()
    {
        foreach (var column in _columns) column.Dispose();
    }

    /// <summary>By the customary suffixes (OpenMetrics; "Metric and label naming" of the Prometheus documentation): the store knows no types.</summary>
    internal static bool IsCounter(Labels labels)
    {
        string name = labels[LabelNames.MetricName];
        return name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_count", StringComparison.Ordinal)
            || name.EndsWith("_bucket", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal);
    }

    static string NameOf(TimeSpan resolution) => ((long)resolution.TotalSeconds).ToString(CultureInfo.InvariantCulture) + "s";

    string FolderOf(Rollup aggregate) => Path.Combine(_name, aggregate.ToString().ToLowerInvariant());
}
