namespace Vigie.PromQL;

/// <summary>scalar: the value of a vector with exactly one float, else NaN.</summary>
sealed class ScalarFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        int steps = call.Grid.Count;
        var values = new double[steps];
        values.AsSpan().Fill(Cell.Absent);
        call.Evaluator.ConsumeRows(call.Vector(0), steps, (_, cells) =>
        {
            for (int step = 0; step < steps; step++)
                if (Cell.IsPresent(cells.Values[step])) values[step] = Cell.IsAbsent(values[step]) ? cells.Values[step] : double.NaN;
        });
        foreach (ref double value in values.AsSpan())
            if (Cell.IsAbsent(value)) value = double.NaN;
        return new ScalarOperand(values);
    }
}

/// <summary>vector: a scalar as the series without labels.</summary>
sealed class VectorFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call) => new ScalarRows(call.Scalar(0));
}

/// <summary>time: the evaluation time in Unix seconds.</summary>
sealed class TimeFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var values = new double[call.Grid.Count];
        for (int step = 0; step < values.Length; step++) values[step] = call.Grid.At(step) / 1000d;
        return new ScalarOperand(values);
    }
}

/// <summary>Scalars that are the same for the whole query: pi, start, end, range, step.</summary>
sealed class ConstantFunction(Func<QueryPlan, double> value) : PromFunction
{
    public override Operand Evaluate(FunctionCall call) => ScalarOperand.Constant(value(call.Evaluator.Plan), call.Grid);
}

/// <summary>min_of and max_of: of two scalars.</summary>
sealed class ScalarPairFunction(Func<double, double, double> function) : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var left = call.Scalar(0);
        var right = call.Scalar(1);
        var values = new double[left.Length];
        for (int step = 0; step < values.Length; step++) values[step] = function(left[step], right[step]);
        return new ScalarOperand(values);
    }
}
