namespace Vigie.PromQL;

/// <summary>hour, day_of_week, month, …: a part of the UTC date that a value is, in Unix seconds; without argument, of the evaluation time.</summary>
sealed class DateFunction(Func<DateTime, double> part) : PromFunction
{
    static readonly long s_secondsMin = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    static readonly long s_secondsMax = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public override Operand Evaluate(FunctionCall call)
    {
        if (call.ArgumentCount > 0) return call.DropNames(new PointwiseRows(call.Vector(0), PartOf));
        var values = new double[call.Grid.Count];
        for (int step = 0; step < values.Length; step++) values[step] = PartOf(call.Grid.At(step) / 1000);
        return new ScalarRows(values);
    }

    double PartOf(double seconds)
    {
        if (!double.IsFinite(seconds)) return double.NaN;
        long whole = (long)Math.Clamp(seconds, s_secondsMin, s_secondsMax);
        return part(DateTimeOffset.FromUnixTimeSeconds(whole).UtcDateTime);
    }
}
