using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>and, or, unless: which samples stay depends on what the other side has at the same time for the same matching labels.</summary>
sealed class SetOperation(Evaluator evaluator, BinaryExpression binary, int steps)
{
    readonly Signatures _signatures = new(binary.Matching!.Labels, binary.Matching.On);

    public VectorRows Evaluate(VectorRows left, VectorRows right)
    {
        if (left.Count == 0) return binary.Operator == BinaryOperator.Or ? right : VectorRows.Empty;
        if (right.Count == 0) return binary.Operator == BinaryOperator.And ? VectorRows.Empty : left;
        if (binary.Operator != BinaryOperator.Or)
        {
            int[] numbers = Number(right, known: false);
            var masks = Presence(right, numbers);
            return new MaskedRows(left, masks, Number(left, known: true), keepPresent: binary.Operator == BinaryOperator.And);
        }
        var leftRows = evaluator.Materialize(left, steps);
        var taken = Presence(leftRows, Number(leftRows, known: false));
        var rest = new MaskedRows(right, taken, Number(right, known: true), keepPresent: false);
        return evaluator.MergeSameLabels(new ConcatenatedRows([leftRows, rest]), steps, merge: true);
    }

    /// <param name="known">Do not give new numbers: −1 for signatures the other side does not have.</param>
    int[] Number(VectorRows rows, bool known)
    {
        var numbers = new int[rows.Count];
        for (int row = 0; row < numbers.Length; row++)
        {
            var labels = evaluator.EffectiveLabels(rows, row);
            numbers[row] = known ? _signatures.Find(labels) : _signatures.NumberOf(labels);
        }
        return numbers;
    }

    /// <summary>By signature and step: is there a sample?</summary>
    bool[][] Presence(VectorRows rows, int[] numbers)
    {
        var masks = new bool[_signatures.Count][];
        var worker = evaluator.MainWorker;
        using var scratch = worker.RentRow(steps);
        for (int row = 0; row < rows.Count; row++)
        {
            evaluator.Cancellation.ThrowIfCancellationRequested();
            rows.Fill(row, scratch.Row, worker);
            var mask = masks[numbers[row]] ??= new bool[steps];
            for (int step = 0; step < steps; step++) mask[step] |= scratch.Row.HasAt(step);
        }
        return masks;
    }

    /// <summary>Rows whose samples stay only where a mask says so.</summary>
    sealed class MaskedRows(VectorRows inner, bool[][] masks, int[] numbers, bool keepPresent) : DerivedRows(inner)
    {
        public override void Fill(int row, Row target, Worker worker)
        {
            var mask = numbers[row] < 0 ? null : masks[numbers[row]];
            if (mask is null && keepPresent)
            {
                target.Clear();
                return;
            }
            Inner.Fill(row, target, worker);
            if (mask is null) return;
            for (int step = 0; step < target.Steps; step++)
            {
                if (mask[step] == keepPresent) continue;
                target.Values[step] = Cell.Absent;
                target.Histograms[step] = null;
            }
        }
    }
}
