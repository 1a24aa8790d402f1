using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>A range selector over stored series.</summary>
sealed class SelectorRange(ISeriesSet set, VectorSelector selector, bool withStarts, bool detectsResets) : RangeRows
{
    readonly bool _namesMatter = LabelRules.NamesMatter(selector, set);

    public override int Count => set.Count;
    public override Labels LabelsAt(int row) => set.LabelsOf(row);
    public override bool NamesMatter => _namesMatter;
    public override void Read(int row, SeriesSamples samples, Worker worker) => samples.Load(set, row, withStarts, detectsResets);
}

/// <summary>A subquery: the windows lie over the steps of an inner evaluation.</summary>
sealed class SubqueryRange(VectorRows inner, StepGrid innerGrid) : RangeRows
{
    public override int Count => inner.Count;
    public override Labels LabelsAt(int row) => inner.LabelsAt(row);
    public override bool DropsName(int row) => inner.DropsName(row);
    public override bool NamesMatter => inner.NamesMatter;

    public override void Read(int row, SeriesSamples samples, Worker worker)
    {
        using var scratch = worker.RentRow(innerGrid.Count);
        inner.Fill(row, scratch.Row, worker);
        samples.Load(scratch.Row, innerGrid);
    }
}
