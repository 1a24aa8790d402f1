using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Values between two samples, for smoothed selectors. A counter that was reset in between is taken to start from zero.</summary>
static class Interpolation
{
    public static double At(long time1, double value1, long time2, double value2, long time, bool isCounter)
    {
        if (isCounter && value2 < value1) value1 = 0;
        return value1 + (value2 - value1) * (time - time1) / (time2 - time1);
    }

    /// <summary>Both histograms must have exponential or both custom buckets.</summary>
    public static FloatHistogram At(long time1, FloatHistogram first, long time2, FloatHistogram second, long time, bool isCounter)
    {
        double share = (double)(time - time1) / (time2 - time1);
        if (isCounter && second.IsResetAfter(first)) return second.Copy().Multiply(share);
        var result = second.Copy();
        result.Subtract(first);
        result.Multiply(share);
        result.Add(first);
        result.CounterResetHint = first.CounterResetHint;
        return result;
    }
}
