using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>quantile: interpolated between the two nearest values of a group. Histograms are left out.</summary>
sealed class QuantileAggregation
{
    public Operand Evaluate(AggregationScope scope)
    {
        double[] quantiles = scope.Parameter();
        Quantiles.WarnIfInvalid(quantiles, scope.Node.Parameter!.Span, scope.Evaluator.Annotations);
        var rows = scope.Evaluator.Materialize(scope.Operand(), scope.Steps);
        var grouping = scope.GroupRows(rows);
        var members = new List<int>[grouping.Count];
        var drops = grouping.NewDrops();
        for (int row = 0; row < rows.Count; row++)
        {
            (members[grouping.OfRow[row]] ??= []).Add(row);
            grouping.NoteDrop(drops, rows, row, rows.PeekAt(row));
            if (rows.PeekAt(row).Histograms.Any) scope.InformAboutIgnoredHistogram("quantile");
        }
        var result = new SeriesMatrix(scope.Evaluator, scope.Steps, grouping.Count);
        var values = new double[rows.Count];
        for (int group = 0; group < members.Length; group++)
        {
            var cells = result.Add(grouping.LabelsOf(group), drops?[group] ?? false);
            for (int step = 0; step < scope.Steps; step++)
            {
                if ((step & 63) == 0) scope.Evaluator.Cancellation.ThrowIfCancellationRequested();
                int count = 0;
                foreach (int row in members[group])
                {
                    double value = rows.PeekAt(row).Values[step];
                    if (Cell.IsPresent(value)) values[count++] = value;
                }
                if (count > 0) cells.Values[step] = Quantiles.Of(values.AsSpan(0, count), quantiles[step]);
            }
        }
        result.RemoveEmptyRows();
        return result.Counted();
    }
}

/// <summary>Quantiles of plain values.</summary>
static class Quantiles
{
    /// <param name="values">Sorted in place; NaN counts as less than everything.</param>
    public static double Of(Span<double> values, double quantile)
    {
        if (values.IsEmpty || double.IsNaN(quantile)) return double.NaN;
        if (quantile < 0) return double.NegativeInfinity;
        if (quantile > 1) return double.PositiveInfinity;
        values.Sort();
        double rank = quantile * (values.Length - 1);
        int lower = Math.Max(0, (int)Math.Floor(rank)), upper = Math.Min(values.Length - 1, lower + 1);
        double weight = rank - Math.Floor(rank);
        return values[lower] * (1 - weight) + values[upper] * weight;
    }

    public static void WarnIfInvalid(ReadOnlySpan<double> quantiles, SourceSpan span, Annotations annotations)
    {
        foreach (double quantile in quantiles)
            if (!(quantile is >= 0 and <= 1))
                annotations.Warn($"quantile value should be between 0 and 1, got {GoNumber.FormatGeneral(quantile)}", span);
    }
}
