using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>Functions of one native histogram: histogram_count, _sum, _avg, _stddev, _stdvar. Floats are left out.</summary>
sealed class HistogramSampleFunction(Func<FloatHistogram, double> function) : PromFunction
{
    public override Operand Evaluate(FunctionCall call) => call.DropNames(new HistogramSampleRows(call.Vector(0), function));

    sealed class HistogramSampleRows(VectorRows inner, Func<FloatHistogram, double> function) : DerivedRows(inner)
    {
        public override bool DropsName(int row) => true;

        public override void Fill(int row, Row target, Worker worker)
        {
            Inner.Fill(row, target, worker);
            Cell.Clear(target.Values);
            if (!target.Histograms.Any) return;
            for (int step = 0; step < target.Steps; step++)
                if (target.Histograms[step] is { } histogram) target.Values[step] = function(histogram);
            target.Histograms.Clear();
        }
    }
}
