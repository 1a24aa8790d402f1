using System.Collections.Frozen;

namespace Vigie.PromQL;

/// <summary>All functions. A new one is a file and a line here (and its signature in <see cref="FunctionTable"/>).</summary>
static class FunctionRegistry
{
    static readonly FrozenDictionary<string, PromFunction> s_all = new Dictionary<string, PromFunction>(StringComparer.Ordinal)
    {
        ["rate"] = new RangeCall(new RateFunction(isCounter: true, perSecond: true)),
        ["increase"] = new RangeCall(new RateFunction(isCounter: true, perSecond: false)),
        ["delta"] = new RangeCall(new RateFunction(isCounter: false, perSecond: false)),
        ["irate"] = new RangeCall(new InstantRateFunction(isCounter: true)),
        ["idelta"] = new RangeCall(new InstantRateFunction(isCounter: false)),

        ["abs"] = new PointwiseFunction(Math.Abs),
        ["ceil"] = new PointwiseFunction(Math.Ceiling),
        ["floor"] = new PointwiseFunction(Math.Floor),
        ["exp"] = new PointwiseFunction(Math.Exp),
        ["sqrt"] = new PointwiseFunction(Math.Sqrt),
        ["ln"] = new PointwiseFunction(Math.Log),
        ["log2"] = new PointwiseFunction(Math.Log2),
        ["log10"] = new PointwiseFunction(Math.Log10),
        ["sin"] = new PointwiseFunction(Math.Sin),
        ["cos"] = new PointwiseFunction(Math.Cos),
        ["tan"] = new PointwiseFunction(Math.Tan),
        ["asin"] = new PointwiseFunction(Math.Asin),
        ["acos"] = new PointwiseFunction(Math.Acos),
        ["atan"] = new PointwiseFunction(Math.Atan),
        ["sinh"] = new PointwiseFunction(Math.Sinh),
        ["cosh"] = new PointwiseFunction(Math.Cosh),
        ["tanh"] = new PointwiseFunction(Math.Tanh),
        ["asinh"] = new PointwiseFunction(Math.Asinh),
        ["acosh"] = new PointwiseFunction(Math.Acosh),
        ["atanh"] = new PointwiseFunction(Math.Atanh),
        ["deg"] = new PointwiseFunction(static v => v * 180 / Math.PI),
        ["rad"] = new PointwiseFunction(static v => v * Math.PI / 180),
        ["sgn"] = new PointwiseFunction(static v => v < 0 ? -1 : v > 0 ? 1 : v),
        ["clamp"] = new ClampFunction(minArgument: 1, maxArgument: 2),
        ["clamp_min"] = new ClampFunction(minArgument: 1, maxArgument: -1),
        ["clamp_max"] = new ClampFunction(minArgument: -1, maxArgument: 1),
        ["round"] = new RoundFunction(),

        ["count_over_time"] = new RangeCall(new CountOverTimeFunction()),
        ["present_over_time"] = new RangeCall(new PresentOverTimeFunction()),
        ["first_over_time"] = new RangeCall(new EdgeSampleFunction(last: false)),
        ["last_over_time"] = new RangeCall(new EdgeSampleFunction(last: true)),
        ["ts_of_first_over_time"] = new RangeCall(new EdgeTimeFunction(last: false)),
        ["ts_of_last_over_time"] = new RangeCall(new EdgeTimeFunction(last: true)),
        ["min_over_time"] = new RangeCall(new ExtremeOverTimeFunction(wantsGreater: false, wantsTime: false)),
        ["max_over_time"] = new RangeCall(new ExtremeOverTimeFunction(wantsGreater: true, wantsTime: false)),
        ["ts_of_min_over_time"] = new RangeCall(new ExtremeOverTimeFunction(wantsGreater: false, wantsTime: true)),
        ["ts_of_max_over_time"] = new RangeCall(new ExtremeOverTimeFunction(wantsGreater: true, wantsTime: true)),
        ["sum_over_time"] = new RangeCall(new SumOverTimeFunction()),
        ["avg_over_time"] = new RangeCall(new AverageOverTimeFunction()),
        ["stddev_over_time"] = new RangeCall(new VarianceOverTimeFunction(root: true)),
        ["stdvar_over_time"] = new RangeCall(new VarianceOverTimeFunction(root: false)),
        ["quantile_over_time"] = new RangeCall(new QuantileOverTimeFunction()),
        ["mad_over_time"] = new RangeCall(new MedianDeviationFunction()),
        ["changes"] = new RangeCall(new ChangesFunction(onlyResets: false)),
        ["resets"] = new RangeCall(new ChangesFunction(onlyResets: true)),
        ["deriv"] = new RangeCall(new RegressionFunction(predicts: false)),
        ["predict_linear"] = new RangeCall(new RegressionFunction(predicts: true)),
        ["double_exponential_smoothing"] = new RangeCall(new SmoothingFunction()),
        ["absent"] = new AbsentFunction(),
        ["absent_over_time"] = new AbsentOverTimeFunction(),

        ["year"] = new DateFunction(static t => t.Year),
        ["month"] = new DateFunction(static t => t.Month),
        ["day_of_month"] = new DateFunction(static t => t.Day),
        ["day_of_week"] = new DateFunction(static t => t.DayOfWeek),
        ["day_of_year"] = new DateFunction(static t => t.DayOfYear),
        ["days_in_month"] = new DateFunction(static t => t.DaysInMonth),
        ["hour"] = new DateFunction(static t => t.Hour),
        ["minute"] = new DateFunction(static t => t.Minute),

        ["time"] = new TimeFunction(),
        ["timestamp"] = new TimestampFunction(SampleTimes.Sample),
        ["start_timestamp"] = new TimestampFunction(SampleTimes.Start),
        ["scalar"] = new ScalarFunction(),
        ["vector"] = new VectorFunction(),
        ["pi"] = new ConstantFunction(static _ => Math.PI),
        ["start"] = new ConstantFunction(static plan => plan.StartMs / 1000d),
        ["end"] = new ConstantFunction(static plan => plan.EndMs / 1000d),
        ["range"] = new ConstantFunction(static plan => (plan.EndMs - plan.StartMs) / 1000d),
        ["step"] = new ConstantFunction(static plan => plan.StepMs / 1000d),
        ["min_of"] = new ScalarPairFunction(Math.Min),
        ["max_of"] = new ScalarPairFunction(Math.Max),

        ["histogram_count"] = new HistogramSampleFunction(static h => h.Count),
        ["histogram_sum"] = new HistogramSampleFunction(static h => h.Sum),
        ["histogram_avg"] = new HistogramSampleFunction(static h => h.Sum / h.Count),
        ["histogram_stddev"] = new HistogramSampleFunction(static h => Math.Sqrt(h.Variance())),
        ["histogram_stdvar"] = new HistogramSampleFunction(static h => h.Variance()),
        ["histogram_quantile"] = new HistogramQuantileFunction(),
        ["histogram_quantiles"] = new HistogramQuantilesFunction(),
        ["histogram_fraction"] = new HistogramFractionFunction(),

        ["label_replace"] = new LabelReplaceFunction(),
        ["label_join"] = new LabelJoinFunction(),
        ["info"] = new InfoFunction(),
        ["sort"] = new SortFunction(descending: false),
        ["sort_desc"] = new SortFunction(descending: true),
        ["sort_by_label"] = new SortByLabelFunction(descending: false),
        ["sort_by_label_desc"] = new SortByLabelFunction(descending: true),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => s_all.Keys;

    public static PromFunction Find(string name) =>
        s_all.TryGetValue(name, out var function) ? function : throw new InvalidOperationException($"BUG: no function {name}");
}
