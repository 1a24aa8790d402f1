using Vigie.Model;

namespace Vigie.PromQL;

sealed partial class Evaluator
{
    Operand EvaluateBinary(BinaryExpression binary, StepGrid grid)
    {
        var left = Evaluate(binary.Left, grid);
        var right = Evaluate(binary.Right, grid);
        return (left, right) switch
        {
            (ScalarOperand l, ScalarOperand r) => Combine(binary.Operator, l.Values, r.Values),
            (VectorRows l, ScalarOperand r) => WithScalar(binary, l, r.Values, vectorIsLeft: true, grid),
            (ScalarOperand l, VectorRows r) => WithScalar(binary, r, l.Values, vectorIsLeft: false, grid),
            (VectorRows l, VectorRows r) when binary.Operator.IsSetOperator() => new SetOperation(this, binary, grid.Count).Evaluate(l, r),
            (VectorRows l, VectorRows r) => new VectorMatch(this, binary, grid.Count).Evaluate(l, r),
            _ => throw new InvalidOperationException("BUG: a binary operator on neither scalars nor vectors"),
        };
    }

    static ScalarOperand Combine(BinaryOperator operation, double[] left, double[] right)
    {
        var result = new double[left.Length];
        for (int step = 0; step < result.Length; step++)
            result[step] = operation.IsComparison()
                ? FloatOperations.Holds(operation, left[step], right[step]) ? 1 : 0
                : FloatOperations.Apply(operation, left[step], right[step]);
        return new ScalarOperand(result);
    }

    VectorRows WithScalar(BinaryExpression binary, VectorRows vector, double[] scalar, bool vectorIsLeft, StepGrid grid)
    {
        var rows = new VectorScalarRows(vector, binary, scalar, vectorIsLeft, Annotations);
        return rows.DropsAllNames ? DropNames(rows, grid.Count, merge: true) : rows;
    }
}

/// <summary>A binary operator between a vector and a scalar.</summary>
sealed class VectorScalarRows(VectorRows vector, BinaryExpression binary, double[] scalar, bool vectorIsLeft, Annotations annotations)
    : DerivedRows(vector)
{
    readonly SampleOperation _operation = new(binary, annotations);

    public bool DropsAllNames { get; } = binary.ReturnBool || FloatOperations.IsArithmetic(binary.Operator);

    public override bool DropsName(int row) => DropsAllNames || Inner.DropsName(row);

    public override void Fill(int row, Row target, Worker worker)
    {
        Inner.Fill(row, target, worker);
        var others = scalar.AsSpan(0, target.Steps);
        if (target.Histograms.Any || binary.Operator >= BinaryOperator.TrimUpper) Combine(target);
        else if (binary.Operator.IsComparison()) FloatRows.Compare(binary.Operator, target.Values, others, vectorIsLeft, binary.ReturnBool);
        else if (vectorIsLeft) FloatRows.Apply(binary.Operator, target.Values, others);
        else FloatRows.ApplyToRight(binary.Operator, others, target.Values);
    }

    void Combine(Row target)
    {
        for (int step = 0; step < target.Steps; step++)
        {
            var element = Sample.At(target, step);
            if (!element.IsPresent) continue;
            var other = new Sample(scalar[step], null);
            var (left, right) = vectorIsLeft ? (element, other) : (other, element);
            bool applies = _operation.TryApply(left, right, out var result, out bool holds);
            if (binary.Operator.IsComparison()) result = element;
            if (binary.ReturnBool) result = new Sample(holds ? 1 : 0, null);
            else if (!holds) applies = false;
            (applies ? result : new Sample(Cell.Absent, null)).PutInto(target, step);
        }
    }
}
