using System.Globalization;

namespace Vigie.PromQL;

/// <summary>double_exponential_smoothing (experimental): Holt's linear method (Holt 1957) with a smoothing and a trend factor.</summary>
sealed class SmoothingFunction : RangeFunction
{
    public override void Evaluate(in Window window, RangeContext context, Row output)
    {
        double smoothing = context.Scalar(1, window.Step), trend = context.Scalar(2, window.Step);
        Check("smoothing", "sf", smoothing);
        Check("trend", "tf", trend);
        var values = window.Floats;
        if (values.Length < 2)
        {
            if (values.Length == 1 && !window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
            return;
        }
        if (!window.Histograms.IsEmpty) context.InformAboutIgnoredHistograms();
        double before = 0, level = values[0], slope = values[1] - values[0];
        for (int i = 1; i < values.Length; i++)
        {
            if (i > 1) slope = trend * (level - before) + (1 - trend) * slope;
            double next = smoothing * values[i] + (1 - smoothing) * (level + slope);
            before = level;
            level = next;
        }
        output.SetFloat(window.Step, level);
    }

    static void Check(string name, string symbol, double factor)
    {
        if (factor <= 0 || factor >= 1)
            throw new QueryEvaluationException(string.Create(CultureInfo.InvariantCulture,
                $"invalid {name} factor. Expected: 0 < {symbol} < 1, got: {factor:F6}"));
    }
}
