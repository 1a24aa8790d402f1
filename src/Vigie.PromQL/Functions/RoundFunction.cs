namespace Vigie.PromQL;

/// <summary>round: to the nearest multiple, halves up. By the inverse, as Prometheus does, which rounds better.</summary>
sealed class RoundFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var nearest = call.ArgumentCount > 1 ? call.Scalar(1) : null;
        return call.DropNames(new RoundedRows(call.Vector(0), nearest));
    }

    sealed class RoundedRows(VectorRows inner, double[]? nearest) : DerivedRows(inner)
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
                double inverse = 1.0 / (nearest?[step] ?? 1);
                value = Math.Floor(value * inverse + 0.5) / inverse;
            }
        }
    }
}
