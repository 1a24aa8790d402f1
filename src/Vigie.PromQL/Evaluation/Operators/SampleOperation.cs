using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>A float or, if <paramref name="Histogram"/> is not null, a histogram.</summary>
readonly record struct Sample(double Value, FloatHistogram? Histogram)
{
    public static Sample At(Row row, int step) => new(row.Values[step], row.Histograms[step]);

    public bool IsPresent => Histogram is not null || Cell.IsPresent(Value);

    public void PutInto(Row row, int step)
    {
        row.Values[step] = Histogram is null ? Value : Cell.Absent;
        row.Histograms[step] = Histogram;
    }
}

/// <summary>One binary operator of a query on two samples, with the remarks histograms may cause (Prometheus, vectorElemBinop).</summary>
sealed class SampleOperation(BinaryExpression expression, Annotations annotations)
{
    readonly BinaryOperator _operation = expression.Operator;

    /// <param name="result">For comparisons the left sample.</param>
    /// <param name="holds">False if a comparison does not hold.</param>
    /// <returns>False if the operator does not apply to these types: no result.</returns>
    public bool TryApply(in Sample left, in Sample right, out Sample result, out bool holds)
    {
        holds = true;
        result = left;
        switch (left.Histogram, right.Histogram)
        {
            case (null, null):
                if (_operation.IsComparison()) holds = FloatOperations.Holds(_operation, left.Value, right.Value);
                else if (FloatOperations.IsArithmetic(_operation))
                    result = new Sample(FloatOperations.Apply(_operation, left.Value, right.Value), null);
                else return Incompatible("float", "float");
                return true;
            case (null, { } histogram):
                if (_operation != BinaryOperator.Multiply) return Incompatible("float", "histogram");
                result = new Sample(0, histogram.Copy().Multiply(left.Value).Compact());
                return true;
            case ({ } histogram, null):
                return TryApply(histogram, right.Value, out result);
            case ({ } first, { } second):
                return TryApply(first, second, out result, out holds);
        }
    }

    bool TryApply(FloatHistogram left, double right, out Sample result)
    {
        result = _operation switch
        {
            BinaryOperator.Multiply => new Sample(0, left.Copy().Multiply(right).Compact()),
            BinaryOperator.Divide => new Sample(0, left.Copy().Divide(right).Compact()),
            BinaryOperator.TrimUpper => new Sample(0, left.TrimAbove(right)),
            BinaryOperator.TrimLower => new Sample(0, left.TrimBelow(right)),
            _ => default,
        };
        return result.Histogram is not null || Incompatible("histogram", "float");
    }

    bool TryApply(FloatHistogram left, FloatHistogram right, out Sample result, out bool holds)
    {
        holds = true;
        result = new Sample(0, left);
        switch (_operation)
        {
            case BinaryOperator.Equal:
                holds = left.SameAs(right);
                return true;
            case BinaryOperator.NotEqual:
                holds = !left.SameAs(right);
                return true;
            case BinaryOperator.Add or BinaryOperator.Subtract:
                bool adds = _operation == BinaryOperator.Add;
                var sum = left.Copy();
                var outcome = adds ? sum.Add(right) : sum.Subtract(right);
                if (!outcome.Compatible)
                {
                    annotations.Warn("incompatible bucket layout encountered for binary operator " + _operation.Text(), expression.Span);
                    return false;
                }
                string name = adds ? "addition" : "subtraction";
                if (outcome.ResetCollision) annotations.Warn("conflicting counter resets during histogram " + name, expression.Span);
                if (outcome.BoundsReconciled) annotations.Inform("mismatched custom buckets were reconciled during " + name, expression.Span);
                if (!adds) sum.CounterResetHint = CounterResetHint.Gauge;
                result = new Sample(0, sum.Compact());
                return true;
            default:
                return Incompatible("histogram", "histogram");
        }
    }

    bool Incompatible(string left, string right)
    {
        string operation = _operation.Text();
        annotations.Inform(
            $"incompatible sample types encountered for binary operator \"{operation}\": {left} {operation} {right}", expression.Span);
        return false;
    }
}
