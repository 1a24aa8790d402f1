namespace Vigie.PromQL;

/// <summary>clamp, clamp_min, clamp_max. Bounds the wrong way round make an empty vector.</summary>
/// <param name="minArgument">Which argument is the lower bound; −1 for none.</param>
/// <param name="maxArgument">Which argument is the upper bound; −1 for none.</param>
sealed class ClampFunction(int minArgument, int maxArgument) : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var min = minArgument < 0 ? null : call.Scalar(minArgument);
        var max = maxArgument < 0 ? null : call.Scalar(maxArgument);
        return call.DropNames(new ClampedRows(call.Vector(0), min, max));
    }

    sealed class ClampedRows(VectorRows inner, double[]? min, double[]? max) : DerivedRows(inner)
    {
        public override bool DropsName(int row) => true;

        public override void Fill(int row, Row target, Worker worker)
        {
            Inner.Fill(row, target, worker);
            target.Histograms.Clear();
            for (int step = 0; step < target.Steps; step++)
            {
                ref double value = ref target.Values[step];
                if (Cell.IsAbsent(value)) continue;
                double lower = min?[step] ?? double.NegativeInfinity, upper = max?[step] ?? double.PositiveInfinity;
                // Math.Min and Math.Max pass NaN on, as Go's do.
                value = upper < lower ? Cell.Absent : Math.Max(lower, Math.Min(upper, value));
            }
        }
    }
}
