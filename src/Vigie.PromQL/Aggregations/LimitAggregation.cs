using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>limitk (experimental): any k samples of each group, the first ones here.</summary>
sealed class LimitAggregation
{
    public Operand Evaluate(AggregationScope scope)
    {
        double[] parameter = scope.Parameter();
        var rows = scope.Operand();
        int[]? limits = KParameter.Read(parameter, rows.Count);
        if (limits is null || rows.Count == 0) return VectorRows.Empty;
        var grouping = scope.GroupRows(rows);
        var taken = new int[checked(grouping.Count * scope.Steps)];
        var result = new SeriesMatrix(scope.Evaluator, scope.Steps, 16) { Unique = !rows.NamesMatter };
        scope.Evaluator.ConsumeRows(rows, scope.Steps, (row, cells) =>
        {
            int first = grouping.OfRow[row] * scope.Steps, target = -1;
            for (int step = 0; step < cells.Steps; step++)
            {
                if (!cells.HasAt(step) || taken[first + step] >= limits[step]) continue;
                taken[first + step]++;
                if (target < 0)
                {
                    target = result.Count;
                    result.Add(rows.LabelsAt(row), rows.DropsName(row));
                }
                Sample.At(cells, step).PutInto(result.RowAt(target), step);
            }
        });
        return result.Counted();
    }
}

/// <summary>
/// limit_ratio (experimental): a share of the series, chosen by a hash of their labels, so always the same ones. A negative share −r chooses
/// those that 1 − r does not.
/// </summary>
sealed class RatioAggregation
{
    public Operand Evaluate(AggregationScope scope)
    {
        // A copy: what is capped here may be another operator's parameter, too.
        double[] ratios = [.. scope.Parameter()];
        var rows = scope.Operand();
        bool any = false;
        for (int step = 0; step < ratios.Length; step++)
        {
            double ratio = ratios[step];
            if (double.IsNaN(ratio)) throw new QueryEvaluationException("Ratio value is NaN");
            double capped = Math.Clamp(ratio, -1, 1);
            if (capped != ratio)
                scope.Evaluator.Annotations.Warn($"ratio value should be between -1 and 1, got {GoNumber.FormatGeneral(ratio)}, capping to "
                    + GoNumber.FormatGeneral(capped), scope.Node.Parameter!.Span);
            ratios[step] = capped;
            any |= capped != 0;
        }
        return any ? new ChosenRows(rows, ratios) : VectorRows.Empty;
    }

    sealed class ChosenRows(VectorRows inner, double[] ratios) : DerivedRows(inner)
    {
        public override void Fill(int row, Row target, Worker worker)
        {
            double place = PlaceOf(Inner.LabelsAt(row));
            Inner.Fill(row, target, worker);
            for (int step = 0; step < target.Steps; step++)
            {
                double ratio = ratios[step];
                if (ratio >= 0 ? place < ratio : place >= 1 + ratio) continue;
                target.Values[step] = Cell.Absent;
                target.Histograms[step] = null;
            }
        }

        /// <summary>In [0, 1), evenly spread: the labels' hash after the finalizer of MurmurHash3 (Appleby).</summary>
        static double PlaceOf(Labels labels)
        {
            ulong hash = labels.StableHash;
            unchecked
            {
                hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
                hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
            }
            return ((hash ^ (hash >> 33)) >> 11) * (1.0 / (1ul << 53));
        }
    }
}
