namespace Vigie.Differential.Tests;

/// <summary>Random well-formed queries over the generated series, from a seed.</summary>
sealed class QueryGenerator(int seed)
{
    static readonly string[] Counters = ["requests_total", "cpu_seconds_total", "latency_seconds_count", "requests_total{status=\"500\"}", "requests_total{job=~\"a.*|db\"}"];
    static readonly string[] Gauges = ["temperature", "memory_bytes", "temperature{job!=\"db\"}", "odd", "build_info", "{__name__=~\"temp.*|mem.*\"}", "absent_metric"];
    static readonly string[] Windows = ["15s", "1m", "5m", "17m", "1h"];
    static readonly string[] RangeFunctions =
    [
        "rate", "increase", "delta", "irate", "idelta", "deriv", "resets", "changes", "sum_over_time", "avg_over_time", "min_over_time", "max_over_time",
        "count_over_time", "last_over_time", "stddev_over_time", "stdvar_over_time", "present_over_time", "absent_over_time",
    ];
    static readonly string[] Functions =
    [
        "abs", "ceil", "floor", "sqrt", "exp", "ln", "log2", "log10", "sgn", "round", "timestamp", "sort", "sort_desc", "absent", "sin", "cos", "tanh",
        "deg", "rad", "minute", "hour", "day_of_week", "days_in_month", "scalar_vector",
    ];
    static readonly string[] Aggregations = ["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"];
    static readonly string[] Operators = ["+", "-", "*", "/", "%", "^", "==", "!=", ">", "<", ">=", "<=", "> bool", "== bool", "and", "or", "unless", "atan2"];
    static readonly string[] Groupings = ["", " by (job)", " by (instance)", " without (instance)", " by (job, status)", " by (nothing)", " without (job, status)"];

    readonly Random _random = new(seed);

    public string Next() => Vector(3);

    string Vector(int depth)
    {
        if (depth == 0) return Selector();
        return _random.Next(14) switch
        {
            0 or 1 => $"{Pick(RangeFunctions)}({RangeVector(depth)})",
            2 => Function(depth),
            3 or 4 => $"{Pick(Aggregations)}{Pick(Groupings)} ({Vector(depth - 1)})",
            5 => Binary(depth),
            6 => $"{Pick("topk", "bottomk")}({_random.Next(1, 4)}, {Distinct()})",
            7 => $"quantile{Pick(Groupings)} ({Pick("0.5", "0.9", "0", "1", "-1", "2")}, {Vector(depth - 1)})",
            8 => $"histogram_quantile({Pick("0.5", "0.95", "0.99", "0", "1")}, {Pick("", "sum by (le, job) ")}(rate(latency_seconds_bucket[{Pick(Windows)}])))",
            9 => Native(),
            10 => OverTime(),
            11 => Shared(Vector(depth - 1)),
            12 => Wide(),
            _ => Selector(),
        };
    }

    /// <summary>The same part several times: Vigie evaluates it once.</summary>
    string Shared(string part) => _random.Next(4) switch
    {
        0 => $"({part}) / ({part})",
        1 => $"sum by (job) ({part}) / sum by (job) ({part})",
        2 => $"max by (instance) ({part}) - min by (instance) ({part})",
        _ => $"avg(({part})) + count(({part})) + avg_over_time(sum(({part}))[5m:1m])",
    };

    /// <summary>Aggregations right above a scan, with few groups and with many.</summary>
    string Wide() => $"{Pick(Aggregations)}{Pick(Groupings)} ({Pick("rate", "increase", "delta", "irate", "avg_over_time", "max_over_time", "sum_over_time")}"
        + $"({Pick("{__name__=~\".+_total|temp.*\"}", "requests_total", "latency_seconds_bucket")}[{Pick(Windows)}]))";

    /// <summary>Values without ties: which of equal ones topk keeps follows the order of series, which is not defined.</summary>
    string Distinct() => Pick("memory_bytes", "avg_over_time(cpu_seconds_total[5m])", "sum by (job, instance) (cpu_seconds_total)", "memory_bytes offset 3m");

    string OverTime()
    {
        string metric = Pick([.. Counters, .. Gauges]), window = Pick(Windows);
        return _random.Next(3) switch
        {
            0 => $"quantile_over_time(0.7, {metric}[{window}])",
            1 => $"predict_linear({metric}[{window}], 600)",
            _ => $"label_replace({Selector()}, \"host\", \"$1\", \"instance\", \"(.*):.*\")",
        };
    }

    string Native() => _random.Next(6) switch
    {
        0 => $"histogram_quantile({Pick("0.5", "0.9")}, rate(native_seconds[{Pick("1m", "5m")}]))",
        1 => $"histogram_count(rate(native_seconds[{Pick("1m", "5m")}]))",
        2 => "histogram_sum(native_seconds)",
        3 => "histogram_avg(sum by (job) (native_seconds))",
        4 => "histogram_fraction(0, 2, native_seconds)",
        _ => "sum by (job) (native_seconds)",
    };

    string Function(int depth)
    {
        string name = Pick(Functions);
        return name == "scalar_vector" ? $"vector(scalar({Vector(depth - 1)}))" : $"{name}({Vector(depth - 1)})";
    }

    string Binary(int depth)
    {
        string op = Pick(Operators);
        bool isSet = op is "and" or "or" or "unless";
        return _random.Next(isSet ? 2 : 4) switch
        {
            0 => $"({Vector(depth - 1)}) {op} {Pick("on (job, instance)", "ignoring (status)", "")} ({Vector(depth - 1)})",
            1 => $"({Vector(depth - 1)}) {op} ({Vector(depth - 1)})",
            2 => $"({Vector(depth - 1)}) {op} {Pick("2", "0", "-1.5", "100", "NaN", "Inf", "0.1")}",
            _ => $"requests_total {op} on (job, instance) group_left{Pick("", " (version)")} build_info",
        };
    }

    string RangeVector(int depth) => _random.Next(4) == 0
        ? $"({Vector(depth - 1)})[{Pick("2m", "10m")}:{Pick("", "30s", "1m")}]"
        : $"{Pick([.. Counters, .. Gauges])}[{Pick(Windows)}]{Modifier()}";

    string Selector() => Pick([.. Counters, .. Gauges]) + Modifier();

    string Modifier() => _random.Next(8) switch
    {
        0 => $" offset {Pick("1m", "-1m", "7m30s")}",
        1 => $" @ {Pick("start()", "end()")}",
        _ => "",
    };

    string Pick(params string[] choices) => choices[_random.Next(choices.Length)];
}
