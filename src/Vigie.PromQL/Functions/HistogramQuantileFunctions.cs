using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>histogram_quantile.</summary>
sealed class HistogramQuantileFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var quantiles = call.Scalar(0);
        Quantiles.WarnIfInvalid(quantiles, call.SpanOf(0), call.Evaluator.Annotations);
        var groups = new HistogramGroups(call.Evaluator, call.Vector(1), call.SpanOf(1));
        return call.DropNames(new HistogramEstimateRows(groups, new QuantileEstimate(quantiles, call.Evaluator.Annotations, call.SpanOf(1))));
    }
}

/// <summary>histogram_quantiles (experimental): several quantiles at once, told apart by a label.</summary>
sealed class HistogramQuantilesFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var groups = new HistogramGroups(call.Evaluator, call.Vector(0), call.SpanOf(0));
        string label = call.Text(1);
        var parts = new List<VectorRows>();
        for (int argument = 2; argument < call.ArgumentCount; argument++)
        {
            var quantiles = call.Scalar(argument);
            Quantiles.WarnIfInvalid(quantiles, call.SpanOf(argument), call.Evaluator.Annotations);
            var estimate = new QuantileEstimate(quantiles, call.Evaluator.Annotations, call.SpanOf(0));
            // The label says the quantile, so a parameter that changes over time makes several series.
            foreach (double quantile in quantiles.Distinct())
                parts.Add(new OneQuantileRows(new HistogramEstimateRows(groups, estimate), quantiles, quantile, label));
        }
        return call.Evaluator.MergeSameLabels(new ConcatenatedRows(parts), call.Grid.Count, merge: true);
    }

    sealed class OneQuantileRows(VectorRows inner, double[] quantiles, double quantile, string label) : DerivedRows(inner)
    {
        readonly string _text = GoNumber.FormatBound(quantile);

        public override Labels LabelsAt(int row) => Inner.LabelsAt(row).With(label, _text);

        public override void Fill(int row, Row target, Worker worker)
        {
            Inner.Fill(row, target, worker);
            for (int step = 0; step < target.Steps; step++)
                if (!quantiles[step].Equals(quantile)) target.Values[step] = Cell.Absent;
        }
    }
}

/// <summary>histogram_fraction.</summary>
sealed class HistogramFractionFunction : PromFunction
{
    public override Operand Evaluate(FunctionCall call)
    {
        var lower = call.Scalar(0);
        var upper = call.Scalar(1);
        var groups = new HistogramGroups(call.Evaluator, call.Vector(2), call.SpanOf(2));
        return call.DropNames(new HistogramEstimateRows(groups, new FractionEstimate(lower, upper, call.Evaluator.Annotations, call.SpanOf(2))));
    }

    sealed class FractionEstimate(double[] lower, double[] upper, Annotations annotations, SourceSpan span) : IHistogramEstimate
    {
        public double Of(FloatHistogram histogram, int step, string metricName)
        {
            double fraction = histogram.Fraction(lower[step], upper[step], out bool hasNaNs);
            if (hasNaNs)
                annotations.Inform("input to histogram_fraction has NaN observations, which are excluded from all fractions"
                    + HistogramGroups.ForMetric(metricName), span);
            return fraction;
        }

        public double Of(ClassicBuckets buckets, int step, string metricName) => buckets.Fraction(lower[step], upper[step]);
    }
}

/// <summary>One row per histogram, with a number estimated from it.</summary>
sealed class HistogramEstimateRows(HistogramGroups groups, IHistogramEstimate estimate) : VectorRows
{
    public override int Count => groups.Count;
    public override Labels LabelsAt(int row) => groups.LabelsOf(row);
    public override bool DropsName(int row) => true;
    public override void Fill(int row, Row target, Worker worker) => groups.Fill(row, target, worker, estimate);
}

/// <summary>Quantiles of classic and native histograms, with the remarks they cause.</summary>
sealed class QuantileEstimate(double[] quantiles, Annotations annotations, SourceSpan span) : IHistogramEstimate
{
    public double Of(FloatHistogram histogram, int step, string metricName)
    {
        double quantile = histogram.Quantile(quantiles[step], out var nans);
        if (nans != NaNObservations.None)
            annotations.Inform("input to histogram_quantile has NaN observations, result is "
                + (nans == NaNObservations.ResultIsNaN ? "NaN" : "skewed higher") + HistogramGroups.ForMetric(metricName), span);
        return quantile;
    }

    public double Of(ClassicBuckets buckets, int step, string metricName)
    {
        double quantile = buckets.Quantile(quantiles[step], out bool forced);
        if (forced)
            annotations.Inform("input to histogram_quantile needed to be fixed for monotonicity (see "
                + "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)" + HistogramGroups.ForMetric(metricName), span);
        return quantile;
    }
}
