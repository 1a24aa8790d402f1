using Vigie.Model;

namespace Vigie.PromQL.Tests.Generation;

/// <summary>Float series in plain arrays: reading them allocates nothing. Counts what is asked of it.</summary>
sealed class ArraySource : ISampleSource
{
    readonly List<(Labels Labels, long[] Timestamps, double[] Values)> _series = [];
    int _selections, _reads;

    public int Selections => _selections;
    public int Reads => _reads;

    /// <summary>Called before each read.</summary>
    public Action? OnRead { get; init; }

    public void Add(Labels labels, IEnumerable<(long TimeMs, double Value)> samples)
    {
        var all = samples.ToArray();
        _series.Add((labels, [.. all.Select(sample => sample.TimeMs)], [.. all.Select(sample => sample.Value)]));
        _series.Sort((a, b) => a.Labels.CompareTo(b.Labels));
    }

    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation)
    {
        _selections++;
        var found = new List<int>();
        for (int i = 0; i < _series.Count; i++)
        {
            bool matches = true;
            foreach (var matcher in matchers) matches = matches && matcher.Matches(_series[i].Labels);
            if (matches) found.Add(i);
        }
        return new Set(this, [.. found], range);
    }

    public IReadOnlyList<string> LabelNames(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) => [];

    public IReadOnlyList<string> LabelValues(
        string name, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation) => [];

    sealed class Set(ArraySource source, int[] found, TimeRange range) : ISeriesSet
    {
        public int Count => found.Length;

        public Labels LabelsOf(int index) => source._series[found[index]].Labels;

        public void Read(int index, SampleColumns output)
        {
            source.OnRead?.Invoke();
            Interlocked.Increment(ref source._reads);
            var (_, timestamps, values) = source._series[found[index]];
            int from = FirstNotBefore(timestamps, range.StartMs), to = FirstNotBefore(timestamps, range.EndMs + 1);
            output.Reserve(to - from, out var times, out var cells);
            timestamps.AsSpan(from, to - from).CopyTo(times);
            values.AsSpan(from, to - from).CopyTo(cells);
            output.Commit(to - from);
        }

        static int FirstNotBefore(long[] timestamps, long time)
        {
            int at = Array.BinarySearch(timestamps, time);
            return at < 0 ? ~at : at;
        }

        public void Dispose()
        {
        }
    }
}
