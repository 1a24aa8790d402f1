using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>absent: 1 where a vector has no sample.</summary>
sealed class AbsentFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var missing = new double[call.Grid.Count];
        missing.AsSpan().Fill(1);
        call.Evaluator.ConsumeRows(call.Vector(0), call.Grid.Count, (_, cells) =>
        {
            for (int step = 0; step < cells.Steps; step++)
                if (cells.HasAt(step)) missing[step] = Cell.Absent;
        });
        return new MissingRows(LabelRules.OfAbsent(call.Argument(0)), missing);
    }
}

/// <summary>absent_over_time: 1 where no series has a sample in its window.</summary>
sealed class AbsentOverTimeFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var present = new RangeFunctionRows(call, new CountOverTimeFunction(), call.Range(0), new double[1][]);
        var missing = new double[call.Grid.Count];
        missing.AsSpan().Fill(1);
        call.Evaluator.ConsumeRows(present, call.Grid.Count, (_, cells) =>
        {
            for (int step = 0; step < cells.Steps; step++)
                if (cells.HasAt(step)) missing[step] = Cell.Absent;
        });
        return new MissingRows(LabelRules.OfAbsent(call.Argument(0)), missing);
    }
}

/// <summary>The one series that says what is missing.</summary>
sealed class MissingRows(Labels labels, double[] values) : VectorRows
{
    public override int Count => 1;
    public override bool NamesMatter => false;
    public override Labels LabelsAt(int row) => labels;

    public override void Fill(int row, Row target, Worker worker)
    {
        target.Histograms.Clear();
        values.CopyTo(target.Values);
    }
}
