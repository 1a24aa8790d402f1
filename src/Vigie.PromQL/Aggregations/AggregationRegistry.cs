using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Which class does which aggregation.</summary>
static class AggregationRegistry
{
    public static Operand Evaluate(Evaluator evaluator, Aggregation node, StepGrid grid)
    {
        var scope = new AggregationScope(evaluator, node, grid);
        return node.Operator switch
        {
            AggregationOperator.Sum => new SumAggregation().Evaluate(scope),
            AggregationOperator.Avg => new AverageAggregation().Evaluate(scope),
            AggregationOperator.Count => new CountAggregation().Evaluate(scope),
            AggregationOperator.Group => new GroupAggregation().Evaluate(scope),
            AggregationOperator.Min => new ExtremeAggregation("min", wantsGreater: false).Evaluate(scope),
            AggregationOperator.Max => new ExtremeAggregation("max", wantsGreater: true).Evaluate(scope),
            AggregationOperator.StdDev => new VarianceAggregation("stddev", root: true).Evaluate(scope),
            AggregationOperator.StdVar => new VarianceAggregation("stdvar", root: false).Evaluate(scope),
            AggregationOperator.Quantile => new QuantileAggregation().Evaluate(scope),
            AggregationOperator.TopK => new TopAggregation("topk", wantsGreater: true).Evaluate(scope),
            AggregationOperator.BottomK => new TopAggregation("bottomk", wantsGreater: false).Evaluate(scope),
            AggregationOperator.LimitK => new LimitAggregation().Evaluate(scope),
            AggregationOperator.LimitRatio => new RatioAggregation().Evaluate(scope),
            _ => new CountValuesAggregation().Evaluate(scope),
        };
    }
}

/// <summary>One aggregation under evaluation.</summary>
sealed record AggregationScope(Evaluator Evaluator, Aggregation Node, StepGrid Grid)
{
    public int Steps => Grid.Count;

    public SourceSpan OperandSpan => Node.Operand.Span;

    public VectorRows Operand() => Evaluator.EvaluateVector(Node.Operand, Grid);

    /// <summary>The parameter, one value per step.</summary>
    public double[] Parameter() => Evaluator.EvaluateScalar(Node.Parameter!, Grid);

    /// <summary>Numbers the rows by their group, in order of appearance.</summary>
    public Grouping GroupRows(VectorRows rows) => new(Evaluator, Node, rows);

    public void InformAboutIgnoredHistogram(string aggregation) =>
        Evaluator.Annotations.Inform($"ignored histogram in {aggregation} aggregation", OperandSpan);
}

/// <summary>Which group each row of an aggregation belongs to. Computed once per query, not per step.</summary>
sealed class Grouping
{
    readonly Signatures _signatures;
    readonly bool _none, _mayDrop;

    public Grouping(Evaluator evaluator, Aggregation node, VectorRows rows)
    {
        _signatures = new Signatures(node.Without ? [.. node.Grouping, LabelRules.Type, LabelRules.Unit] : node.Grouping, keep: !node.Without);
        _none = !node.Without && node.Grouping.IsEmpty;
        _mayDrop = evaluator.Options.DelayedNameRemoval && !node.Without && node.Grouping.Contains(LabelNames.MetricName);
        OfRow = new int[rows.Count];
        if (_none)
        {
            if (rows.Count > 0) _signatures.NumberOf(Labels.Empty);
            return;
        }
        for (int row = 0; row < OfRow.Length; row++) OfRow[row] = _signatures.NumberOf(Visible(evaluator, node, rows, row));
    }

    /// <summary>
    /// For delayed name removal: a group that keeps the metric name (<c>by (__name__)</c>) loses it in the end if any of its series does. Null if
    /// that cannot be.
    /// </summary>
    public bool[]? NewDrops() => _mayDrop ? new bool[Count] : null;

    public void NoteDrop(bool[]? drops, VectorRows rows, int row, Row cells)
    {
        if (drops is not null && !drops[OfRow[row]] && rows.DropsName(row) && !cells.IsEmpty()) drops[OfRow[row]] = true;
    }

    /// <summary>By row.</summary>
    public int[] OfRow { get; }

    public int Count => _signatures.Count;

    public Labels LabelsOf(int group) => _none ? Labels.Empty : _signatures.LabelsOf(group);

    /// <summary>Labels a grouping may see; making labels without the name is spared where the name cannot matter.</summary>
    static Labels Visible(Evaluator evaluator, Aggregation node, VectorRows rows, int row)
    {
        bool names = !node.Without && (node.Grouping.Contains(LabelNames.MetricName) || node.Grouping.Contains(LabelRules.Type)
            || node.Grouping.Contains(LabelRules.Unit));
        return names ? evaluator.EffectiveLabels(rows, row) : rows.LabelsAt(row);
    }
}

/// <summary>Aggregations with one result per group and step, computed while the rows stream by.</summary>
abstract class GroupedAggregation
{
    public Operand Evaluate(AggregationScope scope)
    {
        var rows = scope.Operand();
        var grouping = scope.GroupRows(rows);
        Start(scope, grouping.Count);
        var drops = grouping.NewDrops();
        scope.Evaluator.ConsumeGroups(rows, scope.Steps, grouping.OfRow, grouping.Count, (row, cells) =>
        {
            Add(grouping.OfRow[row], cells, rows, row);
            grouping.NoteDrop(drops, rows, row, cells);
        });
        var result = new SeriesMatrix(scope.Evaluator, scope.Steps, grouping.Count) { Unique = !scope.Node.Grouping.Contains(LabelNames.MetricName) };
        for (int group = 0; group < grouping.Count; group++) Finish(group, result.Add(grouping.LabelsOf(group), drops?[group] ?? false));
        End();
        result.RemoveEmptyRows();
        return result.Counted();
    }

    protected abstract void Start(AggregationScope scope, int groups);

    /// <summary>Takes one row; called in the order of the rows for one group, perhaps at the same time for different ones.</summary>
    protected abstract void Add(int group, Row cells, VectorRows rows, int row);

    protected abstract void Finish(int group, Row result);

    protected virtual void End()
    {
    }
}

/// <summary>Aggregations whose state is a float and perhaps a second one per group and step.</summary>
abstract class FloatAggregation : GroupedAggregation
{
    double[] _values = [], _others = [];

    protected AggregationScope Scope { get; private set; } = null!;

    /// <summary>The second column, or none.</summary>
    protected virtual bool NeedsOthers => false;

    protected override void Start(AggregationScope scope, int groups)
    {
        Scope = scope;
        int cells = Math.Max(1, checked(groups * scope.Steps));
        _values = scope.Evaluator.Memory.Rent(cells);
        Cell.Clear(_values.AsSpan(0, cells));
        if (!NeedsOthers) return;
        _others = scope.Evaluator.Memory.Rent(cells);
        _others.AsSpan(0, cells).Clear();
    }

    /// <summary>State by step, absent where the group has seen nothing.</summary>
    protected Span<double> ValuesOf(int group) => _values.AsSpan(group * Scope.Steps, Scope.Steps);

    protected Span<double> OthersOf(int group) => _others.AsSpan(group * Scope.Steps, Scope.Steps);

    protected override void End()
    {
        Scope.Evaluator.Memory.Return(_values);
        if (NeedsOthers) Scope.Evaluator.Memory.Return(_others);
    }
}
