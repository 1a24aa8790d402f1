using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Evaluates one query. Walking the tree makes operands; vector operands compute their rows when the operator above asks for them, so errors of
/// evaluation may come late. What a row needs of other rows (matching, grouping, sorting) is done while walking.
/// </summary>
sealed partial class Evaluator : IDisposable
{
    readonly RowScheduler _scheduler;

    public Evaluator(ISampleSource source, EngineOptions options, QueryPlan plan, QueryMemory memory, Annotations annotations,
        WorkerPool workers, CoreShare cores, QueryOptions query, StepGrid grid, CancellationToken cancellation)
    {
        Source = source;
        Options = options;
        Plan = plan;
        Memory = memory;
        Annotations = annotations;
        Cancellation = cancellation;
        Trace = query.Trace;
        if (query.StatisticsPerStep) StepCounts = new StepCounts(grid);
        _scheduler = new RowScheduler(this, workers, cores);
    }

    public ISampleSource Source { get; }
    public EngineOptions Options { get; }
    public QueryPlan Plan { get; }
    public QueryMemory Memory { get; }
    public Annotations Annotations { get; }
    public CancellationToken Cancellation { get; }

    /// <summary>Null: nobody wants to know.</summary>
    public QueryTrace? Trace { get; }

    /// <summary>Samples looked at by step of the query; null: nobody wants to know.</summary>
    public StepCounts? StepCounts { get; }

    /// <summary>For work on the thread that walks the tree.</summary>
    public Worker MainWorker => _scheduler.MainWorker;

    /// <summary>Samples looked at so far, counted anew for each step.</summary>
    public long LoadedSamples => _scheduler.LoadedSamples;

    public Operand Evaluate(Expression expression, StepGrid grid)
    {
        Cancellation.ThrowIfCancellationRequested();
        if (grid.Count > 1 && StepInvariance.IsWorthwhile(expression)) return EvaluateOnce(expression, grid);
        return Plan.Common.NameOf(expression) is { } name ? EvaluateShared(name, expression, grid) : EvaluateAnew(expression, grid);
    }

    Operand EvaluateAnew(Expression expression, StepGrid grid)
    {
        if (Trace is null || expression is ParenthesizedExpression or NumberLiteral or StringLiteral) return EvaluateNode(expression, grid);
        long held = Memory.HeldBytes;
        var step = Trace.Begin(expression.ToString());
        var operand = EvaluateNode(expression, grid);
        if (step is not null) step.Bytes = Math.Max(0, Memory.HeldBytes - held);
        Trace.End(step);
        return Trace.Watch(step, operand);
    }

    Operand EvaluateNode(Expression expression, StepGrid grid)
    {
        return expression switch
        {
            NumberLiteral number => ScalarOperand.Constant(number.Value, grid),
            StringLiteral text => new StringOperand(text.Value),
            ParenthesizedExpression wrapped => Evaluate(wrapped.Inner, grid),
            UnaryExpression unary => EvaluateUnary(unary, grid),
            Call call => FunctionRegistry.Find(call.Function.Name).Evaluate(new FunctionCall(this, call, grid)),
            Aggregation aggregation => AggregationRegistry.Evaluate(this, aggregation, grid),
            BinaryExpression binary => EvaluateBinary(binary, grid),
            VectorSelector selector => SelectInstant(selector, grid),
            MatrixSelector or Subquery => EvaluateRange(expression, grid),
            _ => throw new InvalidOperationException($"BUG: no evaluation of {expression.GetType().Name}"),
        };
    }

    public VectorRows EvaluateVector(Expression expression, StepGrid grid) => (VectorRows)Evaluate(expression, grid);

    public double[] EvaluateScalar(Expression expression, StepGrid grid) => ((ScalarOperand)Evaluate(expression, grid)).Values;

    Operand EvaluateOnce(Expression expression, StepGrid grid)
    {
        var once = Evaluate(expression, grid with { Count = 1 });
        return once switch
        {
            ScalarOperand scalar => ScalarOperand.Constant(scalar.Values[0], grid),
            VectorRows rows => new BroadcastRows(Materialize(rows, steps: 1)),
            _ => once,
        };
    }

    Operand EvaluateUnary(UnaryExpression unary, StepGrid grid)
    {
        var operand = Evaluate(unary.Operand, grid);
        if (!unary.IsMinus) return operand;
        if (operand is not ScalarOperand scalar) return DropNames(new NegatedRows((VectorRows)operand), grid.Count, merge: false);
        var negated = new double[scalar.Values.Length];
        for (int step = 0; step < negated.Length; step++) negated[step] = -scalar.Values[step];
        return new ScalarOperand(negated);
    }

    /// <summary>A range selector or subquery, from which a range function reads.</summary>
    public RangeRows EvaluateRange(Expression expression, StepGrid grid)
    {
        if (Trace is null) return EvaluateRangeNode(expression, grid);
        var step = Trace.Begin(expression.ToString());
        var range = EvaluateRangeNode(expression, grid);
        Trace.End(step);
        return Trace.Watch(step, range);
    }

    RangeRows EvaluateRangeNode(Expression expression, StepGrid grid) => ExpressionTree.Unwrap(expression) switch
    {
        MatrixSelector matrix => SelectRange(matrix, grid),
        Subquery subquery => EvaluateSubquery(subquery, grid),
        var other => throw new InvalidOperationException($"BUG: {other.GetType().Name} is not a range vector"),
    };

    SubqueryRange EvaluateSubquery(Subquery subquery, StepGrid grid)
    {
        long step = subquery.StepMs != 0 ? subquery.StepMs : Options.SubqueryStepMs;
        var frame = new WindowFrame(grid, subquery.RangeMs, subquery.Time.OffsetMs, subquery.Time.TimestampMs, RangeEdges.Plain);
        long after = frame.StartAt(0);
        long first = step * (after / step);
        if (first <= after) first += step;
        long last = frame.EndAt(frame.IsFixed ? 0 : grid.Count - 1);
        var innerGrid = StepGrid.Range(first, last, step);
        var inner = innerGrid.Count == 0 ? VectorRows.Empty : EvaluateVectorOrScalar(subquery.Operand, innerGrid);
        return new SubqueryRange(inner, innerGrid) { Frame = frame };
    }

    /// <summary>A vector; a scalar becomes the one series without labels.</summary>
    VectorRows EvaluateVectorOrScalar(Expression expression, StepGrid grid) => Evaluate(expression, grid) switch
    {
        ScalarOperand scalar => new ScalarRows(scalar.Values),
        var vector => (VectorRows)vector,
    };

    public void ForEachRow(int count, int steps, Action<int, Worker> body) => _scheduler.Run(count, steps, body);

    /// <summary>All rows computed. Rows without samples stay.</summary>
    public SeriesMatrix Materialize(VectorRows rows, int steps)
    {
        if (rows is SeriesMatrix known) return known;
        var matrix = new SeriesMatrix(this, steps, rows.Count) { Unique = !rows.NamesMatter };
        for (int row = 0; row < rows.Count; row++) matrix.AddUnset(rows.LabelsAt(row), rows.DropsName(row));
        ForEachRow(rows.Count, steps, (row, worker) => matrix.FillFrom(rows, row, worker));
        return matrix.Counted();
    }

    /// <summary>The labels a row has now: with delayed removal, the metric name stays visible until the end.</summary>
    public Labels EffectiveLabels(VectorRows rows, int row)
    {
        var labels = rows.LabelsAt(row);
        return !Options.DelayedNameRemoval && rows.DropsName(row) ? LabelRules.WithoutMetadata(labels) : labels;
    }

    /// <summary>
    /// For an operator that has just dropped names: makes sure that no two series are left with the same labels.
    /// </summary>
    /// <param name="merge">Let series with the same labels become one if they have no sample at the same time; else refuse.</param>
    public VectorRows DropNames(VectorRows rows, int steps, bool merge)
    {
        if (Options.DelayedNameRemoval || !rows.NamesMatter || rows.Count < 2) return rows;
        return MergeSameLabels(rows, steps, merge);
    }

    /// <summary>The rows with no two of the same effective labels.</summary>
    public VectorRows MergeSameLabels(VectorRows rows, int steps, bool merge)
    {
        var first = new Dictionary<Labels, int>(rows.Count);
        bool collide = false;
        for (int row = 0; row < rows.Count && !collide; row++) collide = !first.TryAdd(EffectiveLabels(rows, row), row);
        if (!collide) return rows;

        var computed = Materialize(rows, steps);
        var merged = new SeriesMatrix(this, steps, rows.Count);
        first.Clear();
        for (int row = 0; row < computed.Count; row++)
        {
            if ((row & 63) == 0) Cancellation.ThrowIfCancellationRequested();
            var source = computed.PeekAt(row);
            if (source.IsEmpty()) continue;
            var labels = EffectiveLabels(computed, row);
            if (first.TryAdd(labels, merged.Count)) source.CopyTo(merged.Add(computed.LabelsAt(row), computed.DropsName(row)));
            else if (merge) MergeInto(merged.RowAt(first[labels]), source);
            else throw new QueryEvaluationException(Messages.SameLabels);
        }
        return merged.Counted();
    }

    /// <summary>Gives back what the evaluation borrowed of its engine.</summary>
    public void Dispose() => _scheduler.Dispose();

    static void MergeInto(Row target, Row source)
    {
        for (int step = 0; step < source.Steps; step++)
        {
            if (!source.HasAt(step)) continue;
            if (target.HasAt(step)) throw new QueryEvaluationException(Messages.SameLabels);
            if (source.Histograms[step] is { } histogram) target.Histograms[step] = histogram;
            else target.Values[step] = source.Values[step];
        }
    }

    /// <summary>The metric name to show in a remark about a row.</summary>
    public static string NameFor(VectorRows rows, int row) => rows.LabelsAt(row).MetricName;
}

/// <summary>Texts of failures that several operators share.</summary>
static class Messages
{
    public const string SameLabels = "vector cannot contain metrics with the same labelset";
}
