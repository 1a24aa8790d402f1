using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>The rows of several vectors, one vector after the other.</summary>
sealed class ConcatenatedRows(IReadOnlyList<VectorRows> parts) : VectorRows
{
    public override int Count
    {
        get
        {
            int count = 0;
            foreach (var part in parts) count += part.Count;
            return count;
        }
    }

    public override Labels LabelsAt(int row) => PartOf(ref row).LabelsAt(row);

    public override bool DropsName(int row) => PartOf(ref row).DropsName(row);

    public override void Fill(int row, Row target, Worker worker) => PartOf(ref row).Fill(row, target, worker);

    VectorRows PartOf(ref int row)
    {
        foreach (var part in parts)
        {
            if (row < part.Count) return part;
            row -= part.Count;
        }
        throw new ArgumentOutOfRangeException(nameof(row));
    }
}
