using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>sort and sort_desc: by value, NaN last, histograms left out. Only instant queries show an order.</summary>
sealed class SortFunction(bool descending) : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var floats = new FloatOnlyRows(call.Vector(0));
        if (!call.Grid.IsInstant) return Sorting.WarnAboutRange(call, floats);
        var matrix = call.Evaluator.Materialize(floats, 1);
        return Sorting.Reorder(matrix, (a, b) =>
        {
            double left = matrix.PeekAt(a).Values[0], right = matrix.PeekAt(b).Values[0];
            if (double.IsNaN(left) || double.IsNaN(right)) return double.IsNaN(left).CompareTo(double.IsNaN(right));
            return descending ? right.CompareTo(left) : left.CompareTo(right);
        });
    }

    sealed class FloatOnlyRows(VectorRows inner) : DerivedRows(inner)
    {
        public override void Fill(int row, Row target, Worker worker)
        {
            Inner.Fill(row, target, worker);
            target.Histograms.Clear();
        }
    }
}

/// <summary>sort_by_label and sort_by_label_desc (experimental): by label values in natural order, then by all labels.</summary>
sealed class SortByLabelFunction(bool descending) : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var names = new string[call.ArgumentCount - 1];
        for (int i = 0; i < names.Length; i++) names[i] = call.Text(i + 1);
        var rows = call.Vector(0);
        if (!call.Grid.IsInstant) return Sorting.WarnAboutRange(call, rows);
        var labels = new Labels[rows.Count];
        for (int row = 0; row < labels.Length; row++) labels[row] = call.Evaluator.EffectiveLabels(rows, row);
        return Sorting.Reorder(rows, (a, b) =>
        {
            int order = 0;
            for (int i = 0; i < names.Length && order == 0; i++) order = NaturalOrder.Compare(labels[a][names[i]], labels[b][names[i]]);
            if (order == 0) order = labels[a].CompareTo(labels[b]);
            return descending ? -order : order;
        });
    }
}

static class Sorting
{
    public static VectorRows WarnAboutRange(FunctionCall call, VectorRows rows)
    {
        call.Evaluator.Annotations.Warn("sort is ineffective for range queries since results are always ordered by labels", call.Node.Span);
        return rows;
    }

    /// <summary>Rows in another order; equal ones keep theirs.</summary>
    public static VectorRows Reorder(VectorRows rows, Comparison<int> compare)
    {
        var order = new int[rows.Count];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(order, (a, b) => compare(a, b) is var result && result != 0 ? result : a.CompareTo(b));
        return new ReorderedRows(rows, order);
    }

    sealed class ReorderedRows(VectorRows inner, int[] order) : VectorRows
    {
        public override int Count => inner.Count;
        public override Labels LabelsAt(int row) => inner.LabelsAt(order[row]);
        public override bool DropsName(int row) => inner.DropsName(order[row]);
        public override bool NamesMatter => inner.NamesMatter;
        public override void Fill(int row, Row target, Worker worker) => inner.Fill(order[row], target, worker);
    }
}

/// <summary>Text order in which runs of digits compare as numbers: a2 before a10.</summary>
static class NaturalOrder
{
    public static int Compare(string left, string right)
    {
        int l = 0, r = 0;
        while (l < left.Length && r < right.Length)
        {
            var leftRun = Run(left, ref l);
            var rightRun = Run(right, ref r);
            bool numbers = char.IsAsciiDigit(leftRun[0]) && char.IsAsciiDigit(rightRun[0]);
            int order = numbers ? CompareNumbers(leftRun, rightRun) : leftRun.SequenceCompareTo(rightRun);
            if (order != 0) return order;
        }
        return (left.Length - l).CompareTo(right.Length - r);
    }

    static ReadOnlySpan<char> Run(string text, ref int at)
    {
        int start = at;
        bool digits = char.IsAsciiDigit(text[at]);
        while (at < text.Length && char.IsAsciiDigit(text[at]) == digits) at++;
        return text.AsSpan(start, at - start);
    }

    static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }
}
