using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// avg: a Kahan-compensated sum divided by the count. If the sum would overflow, the mean is updated sample by sample from there on.
/// </summary>
sealed class AverageAggregation : FloatAggregation
{
    /// <summary>Groups and steps that have gone over to updating the mean.</summary>
    readonly HashSet<(int Group, int Step)> _means = [];
    double[] _counts = [];
    HistogramSums? _histograms;

    protected override bool NeedsOthers => true;

    protected override void Start(AggregationScope scope, int groups)
    {
        base.Start(scope, groups);
        int cells = Math.Max(1, checked(groups * scope.Steps));
        _counts = scope.Evaluator.Memory.Rent(cells);
        _counts.AsSpan(0, cells).Clear();
    }

    protected override void Add(int group, Row cells, VectorRows rows, int row)
    {
        var sums = ValuesOf(group);
        var compensations = OthersOf(group);
        var counts = _counts.AsSpan(group * Scope.Steps, Scope.Steps);
        var values = cells.Values;
        for (int step = 0; step < values.Length; step++)
        {
            double value = values[step];
            if (Cell.IsAbsent(value)) continue;
            double count = ++counts[step];
            if (Cell.IsAbsent(sums[step]))
            {
                sums[step] = value;
                continue;
            }
            if (_means.Count == 0 || !_means.Contains((group, step)))
            {
                double sum = sums[step], compensation = compensations[step];
                KahanSum.Add(value, ref sum, ref compensation);
                if (!double.IsInfinity(sum))
                {
                    sums[step] = sum;
                    compensations[step] = compensation;
                    continue;
                }
                _means.Add((group, step));
                sums[step] /= count - 1;
                compensations[step] /= count - 1;
            }
            double share = (count - 1) / count;
            sums[step] *= share;
            compensations[step] *= share;
            KahanSum.Add(value / count, ref sums[step], ref compensations[step]);
        }
        if (!cells.Histograms.Any) return;
        _histograms ??= new HistogramSums(Scope, average: true);
        _histograms.Add(group, cells, rows.LabelsAt(row).MetricName);
    }

    protected override void Finish(int group, Row result)
    {
        var sums = ValuesOf(group);
        var compensations = OthersOf(group);
        var counts = _counts.AsSpan(group * Scope.Steps, Scope.Steps);
        for (int step = 0; step < sums.Length; step++)
        {
            if (Cell.IsAbsent(sums[step])) continue;
            result.Values[step] = _means.Contains((group, step))
                ? sums[step] + compensations[step]
                : sums[step] / counts[step] + compensations[step] / counts[step];
        }
        _histograms?.Finish(group, result);
    }

    protected override void End()
    {
        base.End();
        Scope.Evaluator.Memory.Return(_counts);
    }
}
