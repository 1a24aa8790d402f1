namespace Vigie.PromQL;

/// <summary>timestamp and start_timestamp: of a selector the samples' own times, of anything else the evaluation time (or nothing).</summary>
sealed class TimestampFunction(SampleTimes times) : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        if (ExpressionTree.Unwrap(call.Argument(0)) is VectorSelector selector)
            return call.DropNames(new RenamedRows(call.Evaluator.SelectInstant(selector, call.Grid, times)));
        if (times == SampleTimes.Start) return VectorRows.Empty;
        return call.DropNames(new StepTimeRows(call.Vector(0), call.Grid));
    }

    sealed class RenamedRows(VectorRows inner) : DerivedRows(inner)
    {
        public override bool DropsName(int row) => true;
        public override void Fill(int row, Row target, Worker worker) => Inner.Fill(row, target, worker);
    }

    sealed class StepTimeRows(VectorRows inner, StepGrid grid) : DerivedRows(inner)
    {
        public override bool DropsName(int row) => true;

        public override void Fill(int row, Row target, Worker worker)
        {
            Inner.Fill(row, target, worker);
            for (int step = 0; step < target.Steps; step++)
                if (target.HasAt(step)) target.Values[step] = grid.At(step) / 1000d;
            target.Histograms.Clear();
        }
    }
}
