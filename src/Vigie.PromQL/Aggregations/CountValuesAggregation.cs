using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>count_values: the number of samples of each group that have the same value, the value becoming a label.</summary>
sealed class CountValuesAggregation
{
    public Operand Evaluate(AggregationScope scope)
    {
        string label = ((StringLiteral)ExpressionTree.Unwrap(scope.Node.Parameter!)).Value;
        if (!LabelRules.IsValidName(label)) throw new QueryEvaluationException($"invalid label name {ExpressionTree.Unwrap(scope.Node.Parameter!)}");
        var rows = scope.Evaluator.Materialize(scope.Operand(), scope.Steps);
        string[] grouping = scope.Node.Without
            ? [.. scope.Node.Grouping, LabelRules.Type, LabelRules.Unit]
            : [.. scope.Node.Grouping, label];
        var signatures = new Signatures(grouping, keep: !scope.Node.Without);
        var result = new SeriesMatrix(scope.Evaluator, scope.Steps, 16);
        for (int row = 0; row < rows.Count; row++)
        {
            scope.Evaluator.Cancellation.ThrowIfCancellationRequested();
            var cells = rows.PeekAt(row);
            var labels = scope.Evaluator.EffectiveLabels(rows, row);
            for (int step = 0; step < scope.Steps; step++)
            {
                var sample = Sample.At(cells, step);
                if (!sample.IsPresent) continue;
                string value = sample.Histogram is { } histogram ? histogram.ToString() : GoNumber.FormatFixed(sample.Value);
                int group = signatures.NumberOf(labels.With(label, value));
                if (group == result.Count) result.Add(signatures.LabelsOf(group), dropsName: false);
                ref double count = ref result.RowAt(group).Values[step];
                count = Cell.IsAbsent(count) ? 1 : count + 1;
            }
        }
        return result.Counted();
    }
}
