using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>A scalar as the one series without labels.</summary>
sealed class ScalarRows(double[] values) : VectorRows
{
    public override int Count => 1;
    public override bool NamesMatter => false;
    public override Labels LabelsAt(int row) => Labels.Empty;

    public override void Fill(int row, Row target, Worker worker)
    {
        target.Histograms.Clear();
        values.AsSpan(0, target.Steps).CopyTo(target.Values);
    }
}
