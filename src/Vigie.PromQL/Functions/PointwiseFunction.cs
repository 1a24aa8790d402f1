namespace Vigie.PromQL;

/// <summary>Functions of the float value alone: abs, ceil, ln, sin, … Histograms are left out.</summary>
sealed class PointwiseFunction(Func<double, double> function) : PromFunction
{
    public override Operand Evaluate(FunctionCall call) => call.DropNames(new PointwiseRows(call.Vector(0), function));
}

/// <summary>Each float of the inner rows changed by itself, the names dropped, histograms left out.</summary>
sealed class PointwiseRows(VectorRows inner, Func<double, double> function) : DerivedRows(inner)
{
    public override bool DropsName(int row) => true;

    public override void Fill(int row, Row target, Worker worker)
    {
        Inner.Fill(row, target, worker);
        target.Histograms.Clear();
        foreach (ref double value in target.Values)
            if (Cell.IsPresent(value)) value = function(value);
    }
}
