using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// topk and bottomk: for each group and step a heap of the best k samples, the worst on top. NaN is the worst; histograms are left out.
/// </summary>
sealed class TopAggregation(string name, bool wantsGreater)
{
    double[] _values = [];
    int[] _rows = [], _counts = [];
    int _capacity;

    public Operand Evaluate(AggregationScope scope)
    {
        double[] parameter = scope.Parameter();
        var rows = scope.Operand();
        int[]? limits = KParameter.Read(parameter, rows.Count);
        if (limits is null || rows.Count == 0) return VectorRows.Empty;
        var grouping = scope.GroupRows(rows);
        _capacity = limits.Max();
        int heaps = checked(grouping.Count * scope.Steps);
        _values = scope.Evaluator.Memory.Rent((long)heaps * _capacity);
        _rows = scope.Evaluator.Memory.RentIntegers((long)heaps * _capacity);
        _counts = scope.Evaluator.Memory.RentIntegers(heaps);
        _counts.AsSpan(0, heaps).Clear();
        scope.Evaluator.ConsumeGroups(rows, scope.Steps, grouping.OfRow, grouping.Count, (row, cells) =>
        {
            int heap = grouping.OfRow[row] * scope.Steps;
            for (int step = 0; step < cells.Steps; step++)
                if (Cell.IsPresent(cells.Values[step])) Offer(heap + step, cells.Values[step], row, limits[step]);
            if (cells.Histograms.Any)
                scope.Evaluator.Annotations.Inform($"ignored histogram in {name} aggregation", scope.Node.Span);
        });
        return Collect(scope, rows, grouping.Count);
    }

    /// <summary>Is a worse than b?</summary>
    bool Worse(double a, double b) => double.IsNaN(a) || (wantsGreater ? a < b : a > b);

    void Offer(int heap, double value, int row, int limit)
    {
        int start = heap * _capacity;
        if (_counts[heap] < limit)
        {
            int at = _counts[heap]++;
            _values[start + at] = value;
            _rows[start + at] = row;
            while (at > 0 && Worse(_values[start + at], _values[start + (at - 1) / 2]))
            {
                Swap(start + at, start + (at - 1) / 2);
                at = (at - 1) / 2;
            }
            return;
        }
        double worst = limit == 0 ? 0 : _values[start];
        if (limit == 0 || !((wantsGreater ? worst < value : worst > value) || (double.IsNaN(worst) && !double.IsNaN(value)))) return;
        _values[start] = value;
        _rows[start] = row;
        for (int at = 0, count = _counts[heap]; ;)
        {
            int child = 2 * at + 1;
            if (child >= count) break;
            if (child + 1 < count && Worse(_values[start + child + 1], _values[start + child])) child++;
            if (!Worse(_values[start + child], _values[start + at])) break;
            Swap(start + at, start + child);
            at = child;
        }
    }

    void Swap(int a, int b)
    {
        (_values[a], _values[b]) = (_values[b], _values[a]);
        (_rows[a], _rows[b]) = (_rows[b], _rows[a]);
    }

    /// <summary>One row per series that was among the best at any step; for an instant query best first within each group.</summary>
    SeriesMatrix Collect(AggregationScope scope, VectorRows rows, int groups)
    {
        var result = new SeriesMatrix(scope.Evaluator, scope.Steps, Math.Min(rows.Count, Math.Max(16, groups * _capacity))) { Unique = !rows.NamesMatter };
        var resultOf = new Dictionary<int, int>();
        for (int heap = 0; heap < groups * scope.Steps; heap++)
        {
            if ((heap & 255) == 0) scope.Evaluator.Cancellation.ThrowIfCancellationRequested();
            int start = heap * _capacity, count = _counts[heap];
            SortBestFirst(start, count);
            for (int i = start; i < start + count; i++)
            {
                if (!resultOf.TryGetValue(_rows[i], out int target))
                {
                    resultOf[_rows[i]] = target = result.Count;
                    result.Add(rows.LabelsAt(_rows[i]), rows.DropsName(_rows[i]));
                }
                result.RowAt(target).Values[heap % scope.Steps] = _values[i];
            }
        }
        scope.Evaluator.Memory.Return(_values);
        scope.Evaluator.Memory.Return(_rows);
        scope.Evaluator.Memory.Return(_counts);
        return result.Counted();
    }

    /// <summary>Insertion sort: stable, and k is small.</summary>
    void SortBestFirst(int start, int count)
    {
        for (int i = start + 1; i < start + count; i++)
            for (int j = i; j > start && Worse(_values[j - 1], _values[j]) && !(double.IsNaN(_values[j - 1]) && double.IsNaN(_values[j])); j--)
                Swap(j, j - 1);
    }
}

/// <summary>The parameter of topk, bottomk and limitk.</summary>
static class KParameter
{
    const double Int64Max = 9223372036854774784, Int64Min = -9223372036854775808d;

    /// <returns>By step, at most <paramref name="rows"/> and at least 0; null if it is nowhere at least 1.</returns>
    public static int[]? Read(double[] parameter, int rows)
    {
        var limits = new int[parameter.Length];
        bool any = false;
        for (int step = 0; step < limits.Length; step++)
        {
            double value = parameter[step];
            if (double.IsNaN(value)) throw new QueryEvaluationException("Parameter value is NaN");
            if (!(value <= Int64Max && value >= Int64Min))
                throw new QueryEvaluationException($"Scalar value {GoNumber.FormatGeneral(value)} overflows int64");
            limits[step] = value < 1 ? 0 : (int)Math.Min((long)value, rows);
            any |= limits[step] > 0;
        }
        return any ? limits : null;
    }
}
