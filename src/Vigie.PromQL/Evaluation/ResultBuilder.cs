using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Evaluates the whole expression and makes the value callers get: names dropped, empty series gone, sorted if it is a range query.</summary>
sealed class ResultBuilder(Evaluator evaluator, StepGrid grid, bool instant)
{
    public static MatrixValue NoSteps() => new([], [], [], null, 0, null, [], null, pooled: false);

    public QueryValue Build(Expression expression) => evaluator.Evaluate(expression, grid) switch
    {
        StringOperand text => new StringValue(grid.StartMs, text.Text),
        ScalarOperand scalar when instant => new ScalarValue(grid.StartMs, scalar.Values[0]),
        ScalarOperand scalar => Matrix(new ScalarRows(scalar.Values)),
        VectorRows rows when instant => Vector(rows, sorted: !ChoosesOrder(expression)),
        VectorRows rows => Matrix(rows),
        RangeRows range => RangeVector(range),
        var other => throw new InvalidOperationException($"BUG: no result of {other.GetType().Name}"),
    };

    /// <summary>
    /// Whether the expression itself says in which order its series come. If it does not, they come sorted, as Prometheus gives those of a
    /// block; sorting the result is cheaper than sorting every selector.
    /// </summary>
    static bool ChoosesOrder(Expression expression) => ExpressionTree.SelfAndDescendants(expression).Any(static node => node switch
    {
        Call call => call.Function.Name.StartsWith("sort", StringComparison.Ordinal),
        Aggregation aggregation => aggregation.Operator is AggregationOperator.TopK or AggregationOperator.BottomK,
        _ => false,
    });

    VectorValue Vector(VectorRows rows, bool sorted)
    {
        var matrix = Merged(evaluator.Materialize(rows, steps: 1));
        var labels = FinalLabels(matrix);
        var order = new int[labels.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        if (sorted && !IsSorted(labels)) Array.Sort(labels, order);
        var values = new double[labels.Length];
        FloatHistogram?[]? histograms = null;
        for (int row = 0; row < labels.Length; row++)
        {
            var cells = matrix.PeekAt(order[row]);
            values[row] = cells.Values[0];
            if (cells.Histograms[0] is not { } histogram) continue;
            (histograms ??= new FloatHistogram?[labels.Length])[row] = histogram;
            values[row] = 0;
        }
        matrix.Release();
        return new VectorValue(grid.StartMs, labels, values, histograms);
    }

    MatrixValue Matrix(VectorRows rows)
    {
        int steps = grid.Count;
        var matrix = Merged(evaluator.Materialize(rows, steps));
        var labels = FinalLabels(matrix);
        var order = new int[labels.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        if (!IsSorted(labels)) Array.Sort(labels, order);

        var starts = new int[labels.Length];
        var counts = new int[labels.Length];
        long[]? timestamps = null;
        FloatHistogram?[]? histograms = null;
        for (int i = 0; i < order.Length; i++)
        {
            var row = matrix.PeekAt(order[i]);
            starts[i] = order[i] * steps;
            counts[i] = steps;
            if (!row.Histograms.Any && IsFull(row)) continue;
            counts[i] = MoveToFront(row, starts[i], timestamps ??= evaluator.Memory.RentLongs((long)matrix.Count * steps), ref histograms);
        }
        if (timestamps is not null) evaluator.Memory.HandOver(timestamps);
        return new MatrixValue(labels, starts, counts, SharedTimestamps(), steps, timestamps, matrix.HandOver(), histograms, pooled: true);
    }

    static bool IsSorted(Labels[] labels)
    {
        for (int i = 1; i < labels.Length; i++)
            if (labels[i - 1].CompareTo(labels[i]) > 0) return false;
        return true;
    }

    static bool IsFull(Row row)
    {
        foreach (double value in row.Values)
            if (Cell.IsAbsent(value)) return false;
        return true;
    }

    /// <summary>Closes the gaps of a row, in place.</summary>
    /// <returns>The number of samples.</returns>
    int MoveToFront(Row row, int start, long[] timestamps, ref FloatHistogram?[]? histograms)
    {
        int count = 0;
        for (int step = 0; step < row.Steps; step++)
        {
            if (!row.HasAt(step)) continue;
            timestamps[start + count] = grid.At(step);
            row.Values[count] = row.Values[step];
            if (row.Histograms[step] is { } histogram) (histograms ??= new FloatHistogram?[timestamps.Length])[start + count] = histogram;
            count++;
        }
        return count;
    }

    long[] SharedTimestamps()
    {
        long[] timestamps = evaluator.Memory.RentLongs(grid.Count);
        for (int step = 0; step < grid.Count; step++) timestamps[step] = grid.At(step);
        evaluator.Memory.HandOver(timestamps);
        return timestamps;
    }

    /// <summary>Without empty rows; with delayed name removal, series that have become the same are joined.</summary>
    SeriesMatrix Merged(SeriesMatrix matrix)
    {
        matrix.RemoveEmptyRows();
        if (!evaluator.Options.DelayedNameRemoval || !matrix.NamesMatter) return matrix;
        bool dropped = false;
        for (int row = 0; row < matrix.Count; row++)
        {
            if (!matrix.DropsName(row)) continue;
            matrix.SetLabels(row, LabelRules.WithoutMetadata(matrix.LabelsAt(row)), dropsName: false);
            dropped = true;
        }
        return dropped ? (SeriesMatrix)evaluator.MergeSameLabels(matrix, grid.Count, merge: true) : matrix;
    }

    static Labels[] FinalLabels(SeriesMatrix matrix)
    {
        var labels = new Labels[matrix.Count];
        for (int row = 0; row < labels.Length; row++)
            labels[row] = matrix.DropsName(row) ? LabelRules.WithoutMetadata(matrix.LabelsAt(row)) : matrix.LabelsAt(row);
        return labels;
    }

    /// <summary>The samples themselves, of an instant query for a range vector.</summary>
    MatrixValue RangeVector(RangeRows range)
    {
        var labels = new List<Labels>();
        var starts = new List<int>();
        var counts = new List<int>();
        var timestamps = new List<long>();
        var values = new List<double>();
        var histograms = new List<FloatHistogram?>();
        var worker = evaluator.MainWorker;
        var samples = worker.RentSamples();
        for (int row = 0; row < range.Count; row++)
        {
            evaluator.Cancellation.ThrowIfCancellationRequested();
            range.Read(row, samples, worker);
            int before = timestamps.Count;
            WindowReader.CopyInOrder(samples, range.Frame.StartAt(0), range.Frame.EndAt(0), timestamps, values, histograms);
            if (timestamps.Count == before) continue;
            evaluator.Memory.Hold(timestamps.Count - before);
            starts.Add(before);
            counts.Add(timestamps.Count - before);
            labels.Add(range.DropsName(row) ? LabelRules.WithoutMetadata(range.LabelsAt(row)) : range.LabelsAt(row));
        }
        worker.Return(samples);
        bool anyHistogram = histograms.Exists(h => h is not null);
        return new MatrixValue([.. labels], [.. starts], [.. counts], null, 0, [.. timestamps], [.. values], anyHistogram ? [.. histograms] : null,
            pooled: false);
    }
}
