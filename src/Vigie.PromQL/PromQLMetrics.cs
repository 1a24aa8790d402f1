using System.Diagnostics.Metrics;

namespace Vigie.PromQL;

/// <summary>What query engines tell about themselves, under the names of Prometheus; one set for all engines of the process.</summary>
static class PromQLMetrics
{
    public const string MeterName = "Vigie.PromQL";

    static readonly Meter s_meter = new(MeterName);

    static readonly UpDownCounter<long> s_running =
        s_meter.CreateUpDownCounter<long>("prometheus_engine_queries", "{queries}", "The current number of queries being executed or waiting.");

    static readonly Counter<long> s_samples =
        s_meter.CreateCounter<long>("prometheus_engine_query_samples_total", "{samples}", "The total number of samples loaded by all queries.");

    static readonly Histogram<double> s_duration =
        s_meter.CreateHistogram<double>("prometheus_engine_query_duration_seconds", "s", "Query timings");

    public static void Started() => s_running.Add(1);

    public static void Ended(TimeSpan duration, long samples)
    {
        s_running.Add(-1);
        s_samples.Add(samples);
        s_duration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("slice", "inner_eval"));
    }
}
