using Vigie.Testing;

namespace Vigie.PromQL.Tests.Generation;

/// <summary>Well-formed queries over <see cref="RandomSeries"/>, from a seed.</summary>
sealed class RandomQuery(SeededRandom random)
{
    public string Next() => Vector(3);

    string Vector(int depth)
    {
        if (depth == 0) return Selector();
        return random.Next(10) switch
        {
            9 => Shared(Vector(depth - 1)),
            0 or 1 => RangeCall(depth),
            2 => $"{Pick("abs", "ceil", "-", "sgn", "exp", "hour", "timestamp", "absent")}({Vector(depth - 1)})",
            3 => $"{Pick("sum", "avg", "min", "max", "count", "stddev", "group")}{Grouping()}({Vector(depth - 1)})",
            4 => $"{Pick("topk(2, ", "bottomk(2, ", "topk by (instance) (1, ", "quantile(0.7, ", "limitk(2, ")}{Vector(depth - 1)})",
            5 => $"({Vector(depth - 1)}) {Pick("+", "/", ">", "== bool", "and", "or", "unless")} {Matching()} ({Vector(depth - 1)})",
            6 => $"({Vector(depth - 1)}) {Pick("*", "-", "<", "!=", "> bool", "%")} {Pick("2", "0", "time()", "scalar(temperature)")}",
            7 => Pick("histogram_quantile(0.9, sum by (le, job) (rate(latency_bucket[2m])))", "histogram_quantile(0.5, native_seconds)",
                "histogram_count(rate(native_seconds[2m]))", "histogram_fraction(0, 2, native_seconds)", "clamp(temperature, -10, scalar(memory_bytes))",
                "label_replace(temperature, \"host\", \"$1\", \"instance\", \"host(.*)\")", "sum(native_seconds)"),
            _ => Selector(),
        };
    }

    /// <summary>The same part several times, as it is, in other operators, and under a subquery.</summary>
    string Shared(string part) => Pick($"({part}) + ({part})", $"sum by (job) ({part}) / on (job) sum by (job) ({part})",
        $"({part}) and on (job) max_over_time(({part})[2m:30s])", $"avg by (instance) ({part}) - on (instance) min by (instance) ({part})");

    string RangeCall(int depth)
    {
        string name = Pick("rate", "increase", "delta", "irate", "idelta", "deriv", "changes", "resets", "sum_over_time", "avg_over_time", "min_over_time",
            "max_over_time", "count_over_time", "last_over_time", "stddev_over_time", "present_over_time", "absent_over_time");
        string range = random.Chance(25)
            ? $"({Vector(depth - 1)})[{Pick("2m", "5m")}:{Pick("", "20s", "1m")}]"
            : $"{Metric()}[{Pick("40s", "2m", "5m")}]{Modifier()}";
        return $"{name}({range})";
    }

    string Selector() => Metric() + Modifier();

    string Metric() => Pick("requests_total", "temperature", "memory_bytes{job!=\"db\"}", "native_seconds", "latency_bucket{le=\"1\"}", "nothing");

    string Modifier() => random.Next(8) switch { 0 => " offset 1m", 1 => " offset -30s", 2 => " @ 1700000900", _ => "" };

    string Grouping() => Pick("", " by (job) ", " without (instance) ", " by (job, code) ", " by (instance) ", " by (le, instance) ");

    string Matching() => Pick("", "on (job, instance)", "ignoring (code, le)");

    string Pick(params ReadOnlySpan<string> choices) => random.Pick(choices);
}
