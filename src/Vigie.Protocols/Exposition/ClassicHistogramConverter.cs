using System.Text;
using Vigie.Model;

namespace Vigie.Protocols.Exposition;

/// <summary>
/// Makes native histograms with custom buckets of classic ones (<c>convert_classic_histograms_to_nhcb</c>): the samples
/// <c>x_bucket{le=…}</c>, <c>x_count</c> and <c>x_sum</c> that stand together with the same other labels become one histogram <c>x</c>.
/// Feed it the samples of a page in order.
/// </summary>
public sealed class ClassicHistogramConverter
{
    readonly List<(double Bound, double CumulativeCount)> _buckets = [];
    readonly List<Label> _labels = [];
    readonly List<Exemplar> _exemplars = [];
    double? _count;
    double _sum;
    bool _broken;

    /// <summary>Whether samples of a histogram have been taken that <see cref="Finish"/> has not returned yet.</summary>
    public bool IsCollecting { get; private set; }

    /// <summary>Labels of the histogram that <see cref="Finish"/> returned, metric name first.</summary>
    public List<Label> Labels => _labels;

    public IReadOnlyList<Exemplar> Exemplars => _exemplars;

    /// <summary>Of the last of its samples that had one, Unix milliseconds.</summary>
    public long? TimestampMs { get; private set; }

    /// <summary>Whether the sample is of the histogram being collected; if not, <see cref="Finish"/> it before <see
    /// cref="TryTake"/>.</summary>
    public bool Continues(MetricKind kind, List<Label> labels) =>
        IsCollecting && Part(kind, labels, out string family, out _) != Parts.None && family == _labels[0].Value && SameOtherLabels(labels);

    /// <returns>False if the sample is not part of a classic histogram.</returns>
    public bool TryTake(MetricKind kind, List<Label> labels, double value, long? timestampMs, Exemplar? exemplar)
    {
        var part = Part(kind, labels, out string family, out double bound);
        if (part == Parts.None) return false;
        if (!IsCollecting) Start(family, labels);
        TimestampMs = timestampMs ?? TimestampMs;
        if (exemplar is { HasTimestamp: true } reference) _exemplars.Add(reference);
        switch (part)
        {
            case Parts.Count: _count = value; break;
            case Parts.Sum: _sum = value; break;
            default: AddBucket(bound, value); break;
        }
        return true;
    }

    /// <returns>The histogram collected; null if its counts contradict each other.</returns>
    public FloatHistogram? Finish()
    {
        IsCollecting = false;
        if (_buckets.Count == 0 || !double.IsPositiveInfinity(_buckets[^1].Bound))
            _buckets.Add((double.PositiveInfinity, _count ?? (_buckets.Count > 0 ? _buckets[^1].CumulativeCount : 0)));
        double total = _buckets[^1].CumulativeCount;
        if (_broken || (_count is { } count && count != total)) return null;

        var spans = new List<HistogramSpan>();
        var populated = new List<double>();
        double before = 0;
        int gap = 0;
        foreach (var (_, cumulative) in _buckets)
        {
            double inBucket = cumulative - before;
            if (inBucket < 0 || double.IsNaN(inBucket)) return null;
            before = cumulative;
            if (inBucket == 0)
            {
                gap++;
                continue;
            }
            if (spans.Count > 0 && gap == 0) spans[^1] = spans[^1] with { Length = spans[^1].Length + 1 };
            else spans.Add(new HistogramSpan(gap, 1));
            gap = 0;
            populated.Add(inBucket);
        }
        return new FloatHistogram
        {
            Schema = FloatHistogram.CustomBucketsSchema, Count = total, Sum = _sum, PositiveSpans = [.. spans], PositiveBuckets =
                [.. populated],
            CustomValues = [.. _buckets.SkipLast(1).Select(static bucket => bucket.Bound)],
        };
    }

    enum Parts { None, Bucket, Count, Sum }

    static Parts Part(MetricKind kind, List<Label> labels, out string family, out double bound)
    {
        family = "";
        bound = double.NaN;
        if (kind != MetricKind.Histogram) return Parts.None;
        string name = labels[0].Value;
        foreach (var (suffix, part) in ((string, Parts)[])[("_bucket", Parts.Bucket), ("_count", Parts.Count), ("_sum", Parts.Sum)])
        {
            if (!name.EndsWith(suffix, StringComparison.Ordinal)) continue;
            family = name[..^suffix.Length];
            if (part != Parts.Bucket) return part;
            foreach (var (label, text) in labels)
                if (label == LabelNames.Bucket && SampleNumber.Parse(Encoding.UTF8.GetBytes(text), out bound) is null
                    && !double.IsNaN(bound)) return part;
            return Parts.None;
        }
        return Parts.None;
    }

    void Start(string family, List<Label> labels)
    {
        IsCollecting = true;
        _buckets.Clear();
        _exemplars.Clear();
        _labels.Clear();
        _labels.Add(new Label(LabelNames.MetricName, family));
        foreach (var label in labels)
            if (label.Name is not (LabelNames.MetricName or LabelNames.Bucket)) _labels.Add(label);
        (_count, _sum, _broken, TimestampMs) = (null, 0, false, null);
    }

    bool SameOtherLabels(List<Label> labels)
    {
        int others = 0;
        foreach (var label in labels)
        {
            if (label.Name is LabelNames.MetricName or LabelNames.Bucket) continue;
            others++;
            if (!_labels.Contains(label)) return false;
        }
        return others == _labels.Count - 1;
    }

    void AddBucket(double bound, double cumulativeCount)
    {
        if (cumulativeCount < 0 || double.IsNaN(cumulativeCount)) _broken = true;
        int at = _buckets.Count;
        while (at > 0 && _buckets[at - 1].Bound > bound) at--;
        // Of a repeated bound the first counts.
        if (at == 0 || _buckets[at - 1].Bound != bound) _buckets.Insert(at, (bound, cumulativeCount));
    }
}
