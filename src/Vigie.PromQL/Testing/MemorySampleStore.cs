using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>
/// A store in memory for tests of queries and rules: takes samples in any order, keeps everything, forgets nothing. Safe for concurrent
/// use.
/// </summary>
/// <remarks>
/// Counter reset hints of native histograms come back as from Prometheus' chunks: "not a reset" where a histogram continues the one before
/// it, "unknown" where a reset, another layout, a float or a gap of the series lies in between, whatever was written; gauges stay gauges.
/// </remarks>
public sealed class MemorySampleStore : ISampleSource, ISampleSink
{
    readonly Lock _lock = new();
    readonly Dictionary<Labels, SeriesRef> _refs = [];
    readonly List<Series> _series = [];

    sealed class Series(Labels labels)
    {
        public Labels Labels { get; } = labels;
        public List<Sample> Samples { get; } = [];

        /// <summary>Inserts by time; a sample at a time that is there already replaces it.</summary>
        public void Put(Sample sample)
        {
            int at = Samples.Count;
            while (at > 0 && Samples[at - 1].TimestampMs > sample.TimestampMs) at--;
            if (at > 0 && Samples[at - 1].TimestampMs == sample.TimestampMs) at--;
            else Samples.Insert(at, sample);
            if (sample.Histogram is { } histogram)
                sample = sample with { Histogram = WithHint(histogram, at > 0 ? Samples[at - 1].Histogram : null) };
            Samples[at] = sample;
        }

        static FloatHistogram WithHint(FloatHistogram histogram, FloatHistogram? before)
        {
            if (histogram.CounterResetHint == CounterResetHint.Gauge) return histogram;
            bool continues = before is not null && before.CounterResetHint != CounterResetHint.Gauge
                && histogram.CounterResetHint != CounterResetHint.CounterReset
                && histogram.Schema == before.Schema && histogram.ZeroThreshold == before.ZeroThreshold
                && histogram.CustomValues.AsSpan().SequenceEqual(before.CustomValues)
                && !histogram.WithHint(CounterResetHint.Unknown).IsResetAfter(before);
            return histogram.WithHint(continues ? CounterResetHint.NotCounterReset : CounterResetHint.Unknown);
        }
    }

    readonly record struct Sample(long TimestampMs, double Value, FloatHistogram? Histogram, long StartTimestampMs);

    public void Add(Labels labels, long timestampMs, double value, long startTimestampMs = 0) =>
        Put(labels, new Sample(timestampMs, value, null, startTimestampMs));

    public void Add(Labels labels, long timestampMs, FloatHistogram histogram, long startTimestampMs = 0) =>
        Put(labels, new Sample(timestampMs, 0, histogram, startTimestampMs));

    public void Clear()
    {
        lock (_lock)
        {
            _refs.Clear();
            _series.Clear();
        }
    }

    void Put(Labels labels, Sample sample)
    {
        lock (_lock) _series[IndexOf(labels)].Put(sample);
    }

    int IndexOf(Labels labels)
    {
        if (_refs.TryGetValue(labels, out var known)) return (int)known.Value - 1;
        _series.Add(new Series(labels));
        _refs[labels] = new SeriesRef((ulong)_series.Count);
        return _series.Count - 1;
    }

    public SeriesRef Resolve(Labels labels)
    {
        lock (_lock) return new SeriesRef((ulong)IndexOf(labels) + 1);
    }

    public AppendResult Append(SampleBatch batch)
    {
        lock (_lock)
        {
            int histogram = 0;
            for (int i = 0; i < batch.Count; i++)
            {
                bool isHistogram = histogram < batch.Histograms.Count && batch.Histograms[histogram].Index == i;
                _series[(int)batch.Series[i].Value - 1].Put(isHistogram
                    ? new Sample(batch.Timestamps[i], 0, batch.Histograms[histogram++].Histogram, 0)
                    : new Sample(batch.Timestamps[i], batch.Values[i], null, 0));
                batch.Outcomes[i] = AppendOutcome.Stored;
            }
        }
        return new AppendResult(batch.Count, 0, 0, 0, 0);
    }

    public void SetMetadata(string metricFamily, in MetricMetadata metadata)
    {
    }

    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation)
    {
        lock (_lock)
        {
            var found = Matching(matchers, range);
            found.Sort((a, b) => a.Labels.CompareTo(b.Labels));
            return new SeriesSet(found.ConvertAll(s => (s.Labels, s.Samples.Where(x => range.Contains(x.TimestampMs)).ToArray())));
        }
    }

    public IReadOnlyList<string> LabelNames(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation)
    {
        lock (_lock) return Distinct(Matching(matchers, range).SelectMany(s => s.Labels).Select(l => l.Name), limit);
    }

    public IReadOnlyList<string> LabelValues(
        string name, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation)
    {
        lock (_lock) return Distinct(Matching(matchers, range).Select(s => s.Labels[name]).Where(v => v.Length > 0), limit);
    }

    List<Series> Matching(ReadOnlySpan<LabelMatcher> matchers, TimeRange range)
    {
        var found = new List<Series>();
        foreach (var series in _series)
        {
            bool matches = series.Samples.Exists(s => range.Contains(s.TimestampMs));
            foreach (var matcher in matchers) matches = matches && matcher.Matches(series.Labels);
            if (matches) found.Add(series);
        }
        return found;
    }

    static List<string> Distinct(IEnumerable<string> texts, int limit)
    {
        var sorted = texts.Distinct().ToList();
        sorted.Sort(Labels.CompareText);
        return limit > 0 && sorted.Count > limit ? sorted[..limit] : sorted;
    }

    sealed class SeriesSet(List<(Labels Labels, Sample[] Samples)> series) : ISeriesSet
    {
        public int Count => series.Count;

        public Labels LabelsOf(int index) => series[index].Labels;

        public void Read(int index, SampleColumns output)
        {
            foreach (var sample in series[index].Samples)
            {
                if (sample.Histogram is { } histogram) output.Add(sample.TimestampMs, histogram, sample.StartTimestampMs);
                else output.Add(sample.TimestampMs, sample.Value, sample.StartTimestampMs);
            }
        }

        public void Dispose()
        {
        }
    }
}
