using Vigie.Model;

namespace Vigie.Benchmarks.PromQL;

/// <summary>Counters in plain columns: what a store costs is left out of the measurement.</summary>
sealed class ColumnSource : ISampleSource
{
    public const long StartMs = 1_700_000_000_000, ScrapeMs = 15_000;

    readonly List<(Labels Labels, long[] Timestamps, double[] Values)> _series = [];

    /// <param name="series">Number of series of each metric.</param>
    /// <param name="samples">Samples per series.</param>
    public ColumnSource(int series, int samples)
    {
        string[] bounds = ["0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "5", "10", "+Inf"];
        for (int i = 0; i < series; i++)
        {
            Add("http_requests_total", i, samples, ("status", (i % 5) switch { 0 => "500", 1 => "404", _ => "200" }), ("method", "GET"));
            Add("http_request_duration_seconds_bucket", i, samples, ("le", bounds[i % bounds.Length]), ("method", "GET"));
        }
        _series.Sort((a, b) => a.Labels.CompareTo(b.Labels));
    }

    void Add(string name, int i, int samples, params ReadOnlySpan<(string, string)> more)
    {
        var labels = Labels.Of([("__name__", name), ("job", "api"), ("instance", $"10.0.{i / 100}.{i % 100}:9100"),
            ("endpoint", $"/v1/{i / 12 % 40}"), .. more]);
        var timestamps = new long[samples];
        var values = new double[samples];
        for (int s = 0; s < samples; s++)
        {
            timestamps[s] = StartMs + s * ScrapeMs + i % 1000;
            values[s] = (s % 400) * (1.0 + i % 7);
        }
        _series.Add((labels, timestamps, values));
    }

    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation)
    {
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

    sealed class Set(ColumnSource source, int[] found, TimeRange range) : ISeriesSet
    {
        public int Count => found.Length;

        public Labels LabelsOf(int index) => source._series[found[index]].Labels;

        public void Read(int index, SampleColumns output)
        {
            var (_, timestamps, values) = source._series[found[index]];
            int from = LowerBound(timestamps, range.StartMs), to = LowerBound(timestamps, range.EndMs + 1);
            output.Reserve(to - from, out var times, out var cells);
            timestamps.AsSpan(from, to - from).CopyTo(times);
            values.AsSpan(from, to - from).CopyTo(cells);
            output.Commit(to - from);
        }

        static int LowerBound(long[] timestamps, long time)
        {
            int at = Array.BinarySearch(timestamps, time);
            return at < 0 ? ~at : at;
        }

        public void Dispose()
        {
        }
    }
}
