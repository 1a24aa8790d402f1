using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// The histograms of a vector: classic ones, whose buckets are series that differ in <c>le</c>, and native ones. One group per label set without
/// <c>le</c>.
/// </summary>
sealed class HistogramGroups
{
    readonly Evaluator _evaluator;
    readonly VectorRows _rows;
    readonly SourceSpan _span;
    readonly List<Group> _groups = [];

    sealed class Group(Labels labels, bool dropsName)
    {
        public Labels Labels { get; } = labels;
        public bool DropsName { get; } = dropsName;

        /// <summary>Bucket series, ascending by bound.</summary>
        public List<(double Bound, int Row)> Buckets { get; } = new(12);

        /// <summary>Series whose <c>le</c> is missing or no number: their histograms count, their floats cause a warning.</summary>
        public List<int> Others { get; } = new(0);
    }

    /// <param name="span">The vector argument, for remarks.</param>
    public HistogramGroups(Evaluator evaluator, VectorRows rows, SourceSpan span)
    {
        _evaluator = evaluator;
        _rows = rows;
        _span = span;
        var signatures = new Signatures([LabelNames.Bucket], keep: false, dropName: false);
        for (int row = 0; row < rows.Count; row++)
        {
            var labels = evaluator.EffectiveLabels(rows, row);
            int number = signatures.NumberOf(labels);
            if (number == _groups.Count) _groups.Add(new Group(labels.Without(LabelNames.Bucket), rows.DropsName(row)));
            if (GoNumber.TryParse(labels[LabelNames.Bucket], out double bound)) _groups[number].Buckets.Add((bound, row));
            else _groups[number].Others.Add(row);
        }
        foreach (var group in _groups)
            if (group.Buckets.Count > 1) group.Buckets.Sort(static (a, b) => a.Bound.CompareTo(b.Bound));
    }

    public int Count => _groups.Count;

    public Labels LabelsOf(int group) => _groups[group].Labels;

    public bool DropsName(int group) => _groups[group].DropsName;

    public string NameOf(int group) => LabelsOf(group).MetricName;

    /// <summary>Computes a float from each histogram of a group.</summary>
    /// <param name="target">All its cells are written.</param>
    public void Fill(int index, Row target, Worker worker, IHistogramEstimate estimate)
    {
        var group = _groups[index];
        target.Clear();
        int buckets = group.Buckets.Count, steps = target.Steps;
        var natives = ReadOthers(group, target, worker);
        if (buckets > 0)
        {
            using var scratch = worker.RentRow(checked((buckets + 1) * steps));
            using var work = worker.RentRow(buckets * 2);
            var counts = scratch.Row.Values;
            using var one = worker.RentRow(steps);
            for (int b = 0; b < buckets; b++)
            {
                _rows.Fill(group.Buckets[b].Row, one.Row, worker);
                one.Row.Values.CopyTo(counts.Slice(b * steps, steps));
            }
            EvaluateClassic(index, group, target, counts, work.Row.Values, natives, estimate);
        }
        if (natives is null) return;
        for (int step = 0; step < steps; step++)
            if (natives[step] is { } histogram) target.Values[step] = estimate.Of(histogram, step, NameOf(index));
    }

    void EvaluateClassic(
        int index, Group group, Row target, Span<double> counts, Span<double> work, FloatHistogram?[]? natives, IHistogramEstimate estimate)
    {
        int buckets = group.Buckets.Count, steps = target.Steps;
        var known = CollectionsMarshal.AsSpan(group.Buckets);
        bool distinct = HasDistinctBounds(known), complete = false;
        for (int step = 0; step < steps; step++)
        {
            // The bounds need no new look while all buckets are there.
            int present = 0, cell = step;
            for (; present < buckets && Cell.IsPresent(counts[cell]); cell += steps) work[buckets + present++] = counts[cell];
            if (present < buckets || !complete || !distinct)
            {
                complete = present == buckets;
                present = 0;
                for (int b = 0; b < buckets; b++)
                {
                    double count = counts[b * steps + step];
                    if (Cell.IsAbsent(count)) continue;
                    work[present] = known[b].Bound;
                    work[buckets + present++] = count;
                }
            }
            if (present == 0) continue;
            if (natives?[step] is not null)
            {
                natives[step] = null;
                _evaluator.Annotations.Warn("vector contains a mix of classic and native histograms" + ForMetric(NameOf(index)), _span);
                continue;
            }
            target.Values[step] = estimate.Of(new ClassicBuckets(work[..present], work.Slice(buckets, present), distinct), step, NameOf(index));
        }
    }

    static bool HasDistinctBounds(ReadOnlySpan<(double Bound, int Row)> ascending)
    {
        for (int i = 1; i < ascending.Length; i++)
            if (ascending[i].Bound == ascending[i - 1].Bound) return false;
        return true;
    }

    FloatHistogram?[]? ReadOthers(Group group, Row target, Worker worker)
    {
        FloatHistogram?[]? natives = null;
        foreach (int row in group.Others)
        {
            using var scratch = worker.RentRow(target.Steps);
            _rows.Fill(row, scratch.Row, worker);
            if (Cell.CountPresent(scratch.Row.Values) > 0)
            {
                var labels = _evaluator.EffectiveLabels(_rows, row);
                _evaluator.Annotations.Warn("bucket label \"le\" is missing or has a malformed value of "
                    + GoText.Quote(labels[LabelNames.Bucket]) + ForMetric(labels.MetricName), _span);
            }
            if (!scratch.Row.Histograms.Any) continue;
            natives ??= new FloatHistogram?[target.Steps];
            for (int step = 0; step < target.Steps; step++) natives[step] ??= scratch.Row.Histograms[step];
        }
        return natives;
    }

    public static string ForMetric(string name) => name.Length == 0 ? "" : " for metric name " + GoText.Quote(name);
}

/// <summary>A number estimated from a histogram.</summary>
interface IHistogramEstimate
{
    double Of(FloatHistogram histogram, int step, string metricName);

    double Of(ClassicBuckets buckets, int step, string metricName);
}
