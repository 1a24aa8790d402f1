namespace Vigie.PromQL;

/// <summary>min and max. NaN only if there is nothing else; histograms are left out.</summary>
sealed class ExtremeAggregation(string name, bool wantsGreater) : FloatAggregation
{
    protected override void Add(int group, Row cells, VectorRows rows, int row)
    {
        var extremes = ValuesOf(group);
        var values = cells.Values;
        for (int step = 0; step < values.Length; step++)
        {
            double value = values[step];
            if (Cell.IsAbsent(value)) continue;
            double extreme = extremes[step];
            // The absent cell is a NaN, too.
            if (double.IsNaN(extreme) || (wantsGreater ? extreme < value : extreme > value)) extremes[step] = value;
        }
        if (cells.Histograms.Any) Scope.InformAboutIgnoredHistogram(name);
    }

    protected override void Finish(int group, Row result) => ValuesOf(group).CopyTo(result.Values);
}
