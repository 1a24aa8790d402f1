namespace Vigie.PromQL;

/// <summary>stddev and stdvar over the population, by Welford's method (1962), as Prometheus does it. Histograms are left out.</summary>
sealed class VarianceAggregation(string name, bool root) : FloatAggregation
{
    double[] _counts = [];

    /// <summary>The running mean.</summary>
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
        var squares = ValuesOf(group);
        var means = OthersOf(group);
        var counts = _counts.AsSpan(group * Scope.Steps, Scope.Steps);
        for (int step = 0; step < squares.Length; step++)
        {
            double value = cells.Values[step];
            if (Cell.IsAbsent(value)) continue;
            counts[step]++;
            if (Cell.IsAbsent(squares[step]))
            {
                means[step] = value;
                squares[step] = double.IsFinite(value) ? 0 : double.NaN;
                continue;
            }
            double delta = value - means[step];
            means[step] += delta / counts[step];
            squares[step] += delta * (value - means[step]);
        }
        if (cells.Histograms.Any) Scope.InformAboutIgnoredHistogram(name);
    }

    protected override void Finish(int group, Row result)
    {
        var squares = ValuesOf(group);
        var counts = _counts.AsSpan(group * Scope.Steps, Scope.Steps);
        for (int step = 0; step < squares.Length; step++)
        {
            if (Cell.IsAbsent(squares[step])) continue;
            double variance = squares[step] / counts[step];
            result.Values[step] = root ? Math.Sqrt(variance) : variance;
        }
    }

    protected override void End()
    {
        base.End();
        Scope.Evaluator.Memory.Return(_counts);
    }
}
