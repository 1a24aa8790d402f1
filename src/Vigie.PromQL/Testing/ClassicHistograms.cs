using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>
/// Makes native histograms with custom buckets of the classic histograms in a load block (Prometheus, util/convertnhcb): one series without
/// suffix and <c>le</c> for each, one sample for each timestamp. A sample whose buckets are not cumulative is left out.
/// </summary>
static class ClassicHistograms
{
    const string BucketLabel = "le";

    sealed class ClassicSample
    {
        public SortedDictionary<double, double> CumulativeCounts { get; } = [];
        public double? Count { get; set; }
        public double Sum { get; set; }
    }

    public static void AddAsCustomBuckets(LoadCommand load, MemorySampleStore store)
    {
        var collected = new Dictionary<Labels, SortedDictionary<long, ClassicSample>>();
        foreach (var (series, _) in load.Series) Collect(collected, series, load.StepMs);
        foreach (var (labels, samples) in collected)
        {
            foreach (var (timestampMs, sample) in samples)
                if (Convert(sample) is { } histogram) store.Add(labels, timestampMs, histogram);
        }
    }

    static void Collect(Dictionary<Labels, SortedDictionary<long, ClassicSample>> collected, SeriesDescription series, long stepMs)
    {
        string name = series.Labels.MetricName;
        Action<ClassicSample, double>? put = null;
        string suffix = "";
        if (name.EndsWith("_bucket", StringComparison.Ordinal) && GoNumber.TryParse(series.Labels[BucketLabel], out double bound)
            && !double.IsNaN(bound))
            (suffix, put) = ("_bucket", (sample, value) => sample.CumulativeCounts.TryAdd(bound, value));
        else if (name.EndsWith("_count", StringComparison.Ordinal)) (suffix, put) = ("_count", (sample, value) => sample.Count = value);
        else if (name.EndsWith("_sum", StringComparison.Ordinal)) (suffix, put) = ("_sum", (sample, value) => sample.Sum = value);
        if (put is null) return;

        var labels = new LabelsBuilder(series.Labels).Remove(BucketLabel).Set(LabelNames.MetricName, name[..^suffix.Length]).Build();
        if (!collected.TryGetValue(labels, out var samples)) collected[labels] = samples = [];
        for (int i = 0; i < series.Values.Length; i++)
        {
            var value = series.Values[i];
            if (value.IsOmitted || value.Histogram is not null) continue;
            if (!samples.TryGetValue(i * stepMs, out var sample)) samples[i * stepMs] = sample = new ClassicSample();
            put(sample, value.Value);
        }
    }

    static FloatHistogram? Convert(ClassicSample sample)
    {
        double last = sample.CumulativeCounts.Count > 0 ? sample.CumulativeCounts.Values.Last() : 0;
        double count = sample.Count ?? last;
        sample.CumulativeCounts.TryAdd(double.PositiveInfinity, count);
        var bounds = new List<double>();
        var counts = new List<double>();
        double before = 0;
        foreach (var (bound, cumulative) in sample.CumulativeCounts)
        {
            if (!(cumulative >= before)) return null;
            if (!double.IsPositiveInfinity(bound)) bounds.Add(bound);
            counts.Add(cumulative - before);
            before = cumulative;
        }
        if (before != count) return null;
        return new FloatHistogram
        {
            Schema = FloatHistogram.CustomBucketsSchema,
            Count = count,
            Sum = sample.Sum,
            CustomValues = [.. bounds],
            PositiveSpans = [new HistogramSpan(0, counts.Count)],
            PositiveBuckets = [.. counts],
        };
    }
}
