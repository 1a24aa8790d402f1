namespace Vigie.Model;

/// <summary>Advice for a store about what a query will do with the samples. Ignoring it must not change an answer.</summary>
/// <param name="StepMs">Step of a range query, 0 for an instant query.</param>
/// <param name="RangeMs">Length of the range selector, 0 for an instant selector.</param>
/// <param name="Function">Function or aggregation around the selector, "" if none.</param>
/// <param name="Limit">Greatest number of series wanted, 0 for no limit.</param>
/// <param name="AnyOrder">The caller does not need the series sorted.</param>
public readonly record struct SelectHints(long StepMs = 0, long RangeMs = 0, string Function = "", int Limit = 0, bool AnyOrder = false);

/// <summary>The read side of a metrics store. Safe for concurrent use.</summary>
public interface ISampleSource
{
    /// <summary>The series that match all of <paramref name="matchers"/> and may hold samples in <paramref name="range"/>.</summary>
    /// <param name="range">Inclusive on both ends, Unix milliseconds.</param>
    /// <param name="hints">Advice only.</param>
    /// <returns>A snapshot: what is appended later may or may not be seen. Dispose it to let the store reclaim memory.</returns>
    ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation);

    /// <summary>Names of the labels of matching series, sorted. No matchers: of all series.</summary>
    /// <param name="limit">Greatest number of results, 0 for no limit.</param>
    IReadOnlyList<string> LabelNames(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation);

    /// <summary>Values of one label among matching series, sorted. No matchers: of all series.</summary>
    IReadOnlyList<string> LabelValues(
        string name, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation);
}

/// <summary>
/// The series a selector found, sorted by their labels (<see cref="Labels.CompareTo"/>) unless any order would do, addressed by index. Reading
/// different (or the same) series from several threads at once is allowed; each thread brings its own buffer.
/// </summary>
public interface ISeriesSet : IDisposable
{
    int Count { get; }

    /// <summary>Why samples may be missing (a remote server that did not answer); for the one who asked. Empty if none are.</summary>
    IReadOnlyList<string> Warnings => [];

    Labels LabelsOf(int index);

    /// <summary>
    /// Appends the samples of one series with timestamps in the selected range to <paramref name="output"/>, ascending, staleness markers
    /// included.
    /// </summary>
    void Read(int index, SampleColumns output);
}
