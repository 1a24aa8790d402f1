using System.Collections.Frozen;

namespace Vigie.PromQL;

/// <summary>Every function of PromQL (Prometheus 3.x), by name. The engine implements exactly these.</summary>
public static class FunctionTable
{
    public static FrozenDictionary<string, FunctionSignature> All { get; } = Build();

    public static FunctionSignature? Find(string name) => All.GetValueOrDefault(name);

    static FrozenDictionary<string, FunctionSignature> Build()
    {
        var list = new List<FunctionSignature>(100);

        foreach (string name in (string[])["abs", "absent", "acos", "acosh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg",
            "exp", "floor", "histogram_avg", "histogram_count", "histogram_stddev", "histogram_stdvar", "histogram_sum", "ln", "log10",
            "log2", "rad", "sgn", "sin", "sinh", "sort", "sort_desc", "sqrt", "tan", "tanh", "timestamp"])
            list.Add(new(name, [ValueType.Vector], ValueType.Vector));
        list.Add(new("start_timestamp", [ValueType.Vector], ValueType.Vector, Experimental: true));

        foreach (string name in (string[])["absent_over_time", "avg_over_time", "changes", "count_over_time", "delta", "deriv",
            "first_over_time", "idelta", "increase", "irate", "last_over_time", "max_over_time", "min_over_time", "present_over_time",
            "rate", "resets", "stddev_over_time", "stdvar_over_time", "sum_over_time"])
            list.Add(new(name, [ValueType.Matrix], ValueType.Vector));
        foreach (string name in (string[])["mad_over_time", "ts_of_first_over_time", "ts_of_last_over_time", "ts_of_max_over_time",
            "ts_of_min_over_time"])
            list.Add(new(name, [ValueType.Matrix], ValueType.Vector, Experimental: true));

        foreach (string name in (string[])["day_of_month", "day_of_week", "day_of_year", "days_in_month", "hour", "minute", "month",
            "year"])
            list.Add(new(name, [ValueType.Vector], ValueType.Vector, Variadic: 1));

        list.Add(new("clamp", [ValueType.Vector, ValueType.Scalar, ValueType.Scalar], ValueType.Vector));
        list.Add(new("clamp_max", [ValueType.Vector, ValueType.Scalar], ValueType.Vector));
        list.Add(new("clamp_min", [ValueType.Vector, ValueType.Scalar], ValueType.Vector));
        list.Add(new("round", [ValueType.Vector, ValueType.Scalar], ValueType.Vector, Variadic: 1));
        list.Add(new("scalar", [ValueType.Vector], ValueType.Scalar));
        list.Add(new("vector", [ValueType.Scalar], ValueType.Vector));
        list.Add(new("pi", [], ValueType.Scalar));
        list.Add(new("time", [], ValueType.Scalar));
        foreach (string name in (string[])["start", "end", "range", "step"]) list.Add(new(name, [], ValueType.Scalar, Experimental: true));
        list.Add(new("max_of", [ValueType.Scalar, ValueType.Scalar], ValueType.Scalar, Experimental: true));
        list.Add(new("min_of", [ValueType.Scalar, ValueType.Scalar], ValueType.Scalar, Experimental: true));

        list.Add(new("histogram_fraction", [ValueType.Scalar, ValueType.Scalar, ValueType.Vector], ValueType.Vector));
        list.Add(new("histogram_quantile", [ValueType.Scalar, ValueType.Vector], ValueType.Vector));
        list.Add(new("histogram_quantiles", [ValueType.Vector, ValueType.String, ValueType.Scalar, ValueType.Scalar], ValueType.Vector,
            Variadic: 9, Experimental: true));
        list.Add(new("info", [ValueType.Vector, ValueType.Vector], ValueType.Vector, Variadic: 1, Experimental: true));
        list.Add(new("label_join", [ValueType.Vector, ValueType.String, ValueType.String, ValueType.String], ValueType.Vector,
            Variadic: -1));
        list.Add(new("label_replace", [ValueType.Vector, ValueType.String, ValueType.String, ValueType.String, ValueType.String],
            ValueType.Vector));
        list.Add(new("sort_by_label", [ValueType.Vector, ValueType.String], ValueType.Vector, Variadic: -1, Experimental: true));
        list.Add(new("sort_by_label_desc", [ValueType.Vector, ValueType.String], ValueType.Vector, Variadic: -1, Experimental: true));
        list.Add(new("predict_linear", [ValueType.Matrix, ValueType.Scalar], ValueType.Vector));
        list.Add(new("quantile_over_time", [ValueType.Scalar, ValueType.Matrix], ValueType.Vector));
        list.Add(new("double_exponential_smoothing", [ValueType.Matrix, ValueType.Scalar, ValueType.Scalar], ValueType.Vector,
            Experimental: true));

        return list.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);
    }
}
