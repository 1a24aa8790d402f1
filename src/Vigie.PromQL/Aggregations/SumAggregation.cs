using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>sum, Kahan-compensated.</summary>
sealed class SumAggregation : FloatAggregation
{
    HistogramSums _histograms = null!;

    protected override bool NeedsOthers => true;

    protected override void Start(AggregationScope scope, int groups)
    {
        base.Start(scope, groups);
        _histograms = new HistogramSums(scope, groups, average: false);
    }

    protected override void Add(int group, Row cells, VectorRows rows, int row)
    {
        KahanRows.Add(ValuesOf(group), OthersOf(group), cells.Values);
        if (cells.Histograms.Any) _histograms.Add(group, cells, rows.LabelsAt(row).MetricName);
    }

    protected override void Finish(int group, Row result)
    {
        var sums = ValuesOf(group);
        var compensations = OthersOf(group);
        for (int step = 0; step < sums.Length; step++)
            if (Cell.IsPresent(sums[step])) result.Values[step] = sums[step] + compensations[step];
        _histograms.Finish(group, result);
    }
}
