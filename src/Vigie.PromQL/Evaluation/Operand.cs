using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>What a part of a query evaluates to, over all steps of its grid.</summary>
abstract class Operand;

/// <param name="values">One per step.</param>
sealed class ScalarOperand(double[] values) : Operand
{
    public double[] Values { get; } = values;

    public static ScalarOperand Constant(double value, StepGrid grid)
    {
        var values = new double[grid.Count];
        values.AsSpan().Fill(value);
        return new ScalarOperand(values);
    }
}

sealed class StringOperand(string text) : Operand
{
    public string Text { get; } = text;
}

/// <summary>
/// A vector over the steps of a grid: one row per series, computed when asked for, so that a chain of operators needs the memory of one row at
/// a time. Rows may be filled in any order and by several threads at once.
/// </summary>
abstract class VectorRows : Operand
{
    public abstract int Count { get; }

    /// <summary>Labels with the metric name, even if it has been dropped: see <see cref="DropsName"/>.</summary>
    public abstract Labels LabelsAt(int row);

    /// <summary>True if an operator has removed the metric name (and type and unit) of this row.</summary>
    public virtual bool DropsName(int row) => false;

    /// <summary>False if no two rows would have the same labels without their names.</summary>
    public virtual bool NamesMatter => true;

    /// <summary>Computes a row; every cell of <paramref name="target"/> is written.</summary>
    public abstract void Fill(int row, Row target, Worker worker);

    public static VectorRows Empty { get; } = new NoRows();

    sealed class NoRows : VectorRows
    {
        public override int Count => 0;
        public override bool NamesMatter => false;
        public override Labels LabelsAt(int row) => throw new ArgumentOutOfRangeException(nameof(row));
        public override void Fill(int row, Row target, Worker worker) => throw new ArgumentOutOfRangeException(nameof(row));
    }
}

/// <summary>Rows that are those of another operand with something done to their cells.</summary>
abstract class DerivedRows(VectorRows inner) : VectorRows
{
    protected VectorRows Inner { get; } = inner;
    public override int Count => Inner.Count;
    public override Labels LabelsAt(int row) => Inner.LabelsAt(row);
    public override bool DropsName(int row) => Inner.DropsName(row);
    public override bool NamesMatter => Inner.NamesMatter;
}

/// <summary>Range windows by series: a range selector or a subquery.</summary>
abstract class RangeRows : Operand
{
    /// <summary>Where the windows lie.</summary>
    public required WindowFrame Frame { get; init; }

    public abstract int Count { get; }
    public abstract Labels LabelsAt(int row);
    public virtual bool DropsName(int row) => false;
    public virtual bool NamesMatter => true;

    /// <summary>Loads all samples of a series that any window may need.</summary>
    public abstract void Read(int row, SeriesSamples samples, Worker worker);
}
