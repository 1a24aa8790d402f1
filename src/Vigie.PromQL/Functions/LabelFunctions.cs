using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>label_replace: sets a label from a match of a regular expression on another.</summary>
sealed class LabelReplaceFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        string target = call.Text(1), replacement = call.Text(2), source = call.Text(3), pattern = call.Text(4);
        AnchoredRegex regex;
        try
        {
            regex = AnchoredRegex.Parse(pattern);
        }
        catch (FormatException problem)
        {
            throw new QueryEvaluationException("invalid regular expression in label_replace(): " + pattern, problem);
        }
        RelabelledRows.CheckName(target, "destination", "label_replace");
        var rows = call.Vector(0);
        return RelabelledRows.Make(call, rows, target, labels =>
            regex.Match(labels[source]) is { } match ? labels.With(target, regex.Expand(replacement, match)) : null);
    }
}

/// <summary>label_join: sets a label to the values of others, joined.</summary>
sealed class LabelJoinFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        string target = call.Text(1), separator = call.Text(2);
        var sources = new string[call.ArgumentCount - 3];
        for (int i = 0; i < sources.Length; i++)
        {
            sources[i] = call.Text(i + 3);
            RelabelledRows.CheckName(sources[i], "source", "label_join");
        }
        RelabelledRows.CheckName(target, "destination", "label_join");
        return RelabelledRows.Make(call, call.Vector(0), target,
            labels => labels.With(target, string.Join(separator, Array.ConvertAll(sources, source => labels[source]))));
    }
}

/// <summary>Rows with other labels.</summary>
sealed class RelabelledRows : DerivedRows
{
    readonly Labels[] _labels;
    readonly bool[] _drops;

    RelabelledRows(VectorRows inner, Labels[] labels, bool[] drops) : base(inner)
    {
        _labels = labels;
        _drops = drops;
    }

    /// <param name="target">The label that is set; setting the metric name brings a dropped one back.</param>
    /// <param name="change">The new labels, or null to leave a row as it is.</param>
    public static VectorRows Make(FunctionCall call, VectorRows rows, string target, Func<Labels, Labels?> change)
    {
        var labels = new Labels[rows.Count];
        var drops = new bool[rows.Count];
        for (int row = 0; row < labels.Length; row++)
        {
            var before = call.Evaluator.EffectiveLabels(rows, row);
            // Names removed at once are gone from these labels already.
            drops[row] = call.Evaluator.Options.DelayedNameRemoval && rows.DropsName(row);
            var after = change(before);
            labels[row] = after ?? before;
            if (after is not null && target == LabelNames.MetricName) drops[row] = false;
        }
        return call.Evaluator.MergeSameLabels(new RelabelledRows(rows, labels, drops), call.Grid.Count, merge: true);
    }

    public override Labels LabelsAt(int row) => _labels[row];
    public override bool DropsName(int row) => _drops[row];
    public override bool NamesMatter => true;
    public override void Fill(int row, Row target, Worker worker) => Inner.Fill(row, target, worker);

    public static void CheckName(string name, string role, string function)
    {
        if (!LabelRules.IsValidName(name))
            throw new QueryEvaluationException($"invalid {role} label name in {function}(): {name}");
    }
}
