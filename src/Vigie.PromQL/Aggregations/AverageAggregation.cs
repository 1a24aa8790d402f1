using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// avg: a Kahan-compensated sum divided by the count. If the sum would overflow, the mean is updated sample by sample from there on.
/// </summary>
sealed class AverageAggregation : FloatAggregation
{
    /// <summary>By group and step; below zero where the mean is updated instead of the sum.</summary>
    double[] _counts = [];
    HistogramSums _histograms = null!;

    protected override bool NeedsOthers => true;

    protected override void Start(AggregationScope scope, int groups)
    {
        base.Start(scope, groups);
        _histograms = new HistogramSums(scope, groups, average: true);
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
            if (Cell.IsAbsent(sums[step]))
            {
                sums[step] = value;
                counts[step] = 1;
                continue;
            }
            double count = Math.Abs(counts[step]) + 1;
            if (counts[step] > 0)
            {
                double sum = sums[step], compensation = compensations[step];
                KahanSum.Add(value, ref sum, ref compensation);
                if (!double.IsInfinity(sum))
                {
                    sums[step] = sum;
                    compensations[step] = compensation;
                    counts[step] = count;
                    continue;
                }
                sums[step] /= count - 1;
                compensations[step] /= count - 1;
            }
            counts[step] = -count;
            double share = (count - 1) / count;
            sums[step] *= share;
            compensations[step] *= share;
            KahanSum.Add(value / count, ref sums[step], ref compensations[step]);
        }
        if (cells.Histograms.Any) _histograms.Add(group, cells, rows.LabelsAt(row).MetricName);
    }

    protected override void Finish(int group, Row result)
    {
        var sums = ValuesOf(group);
        var compensations = OthersOf(group);
        var counts = _counts.AsSpan(group * Scope.Steps, Scope.Steps);
        for (int step = 0; step < sums.Length; step++)
        {
            if (Cell.IsAbsent(sums[step])) continue;
            result.Values[step] = counts[step] < 0
                ? sums[step] + compensations[step]
                : sums[step] / counts[step] + compensations[step] / counts[step];
        }
        _histograms.Finish(group, result);
    }

    protected override void End()
    {
        base.End();
        Scope.Evaluator.Memory.Return(_counts);
    }
}
