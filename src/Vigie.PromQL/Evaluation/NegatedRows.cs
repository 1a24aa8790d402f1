namespace Vigie.PromQL;

/// <summary>Unary minus.</summary>
sealed class NegatedRows(VectorRows inner) : DerivedRows(inner)
{
    public override bool DropsName(int row) => true;

    public override void Fill(int row, Row target, Worker worker)
    {
        Inner.Fill(row, target, worker);
        foreach (ref double value in target.Values)
            if (Cell.IsPresent(value)) value = -value;
        if (!target.Histograms.Any) return;
        foreach (ref var histogram in target.Histograms.Cells) histogram = histogram?.Copy().Multiply(-1);
    }
}
