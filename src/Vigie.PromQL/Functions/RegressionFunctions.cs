using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>deriv and predict_linear: the line of least squares through the floats of a window.</summary>
sealed class RegressionFunction(bool predicts) : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        if (window.Floats.Length < 2)
        {
            if (window.Floats.Length == 1 && !window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
            return;
        }
        if (!window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
        // A zero of time near the samples keeps the sums small.
        long origin = predicts ? context.Frame.Grid.At(window.Step) : window.FloatTimes[0];
        var (slope, intercept) = Line(window.FloatTimes, window.Floats, origin);
        output.SetFloat(window.Step, predicts ? slope * context.Scalar(1, window.Step) + intercept : slope);
    }

    static (double Slope, double Intercept) Line(ReadOnlySpan<long> times, ReadOnlySpan<double> values, long originMs)
    {
        double sumX = 0, errorX = 0, sumY = 0, errorY = 0, sumXY = 0, errorXY = 0, sumX2 = 0, errorX2 = 0;
        bool constant = true;
        for (int i = 0; i < values.Length; i++)
        {
            double x = (times[i] - originMs) / 1e3, y = values[i];
            if (i > 0 && y != values[0]) constant = false;
            KahanSum.Add(x, ref sumX, ref errorX);
            KahanSum.Add(y, ref sumY, ref errorY);
            KahanSum.Add(x * y, ref sumXY, ref errorXY);
            KahanSum.Add(x * x, ref sumX2, ref errorX2);
        }
        if (constant) return double.IsInfinity(values[0]) ? (double.NaN, double.NaN) : (0, values[0]);
        sumX += errorX;
        sumY += errorY;
        sumXY += errorXY;
        sumX2 += errorX2;
        double n = values.Length;
        double slope = (sumXY - sumX * sumY / n) / (sumX2 - sumX * sumX / n);
        return (slope, sumY / n - slope * sumX / n);
    }
}
