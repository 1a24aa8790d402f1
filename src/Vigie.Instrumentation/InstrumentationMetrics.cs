using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

/// <summary>What an exporter says about itself.</summary>
sealed class InstrumentationMetrics : IDisposable
{
    public const string MeterName = "Vigie.Instrumentation";
    public const string OverflowName = "vigie_instrumentation_overflowed_measurements_total";

    readonly Meter _meter;
    readonly Counter<long> _overflows;
    readonly ConcurrentDictionary<string, bool> _overflowed = new(StringComparer.Ordinal); // bounded by the number of metrics

    public InstrumentationMetrics(MetricsExporter exporter)
    {
        _meter = new Meter(new MeterOptions(MeterName) { Scope = exporter });
        _overflows = _meter.CreateCounter<long>(OverflowName, null,
            "Measurements of label sets beyond the bound on series per metric, by metric.");
        RefusedInstruments = _meter.CreateCounter<long>("vigie_instrumentation_refused_instruments_total", null,
            "Instruments not exported because one of another kind has the same name.");
        FailedObservations = _meter.CreateCounter<long>("vigie_instrumentation_failed_observations_total", null,
            "Observable instruments whose callback threw.");
    }

    public Counter<long> RefusedInstruments { get; }

    public Counter<long> FailedObservations { get; }

    /// <summary>Counts one measurement beyond the bound; true for the metric's first.</summary>
    public bool CountOverflow(string metric)
    {
        _overflows.Add(1, new KeyValuePair<string, object?>("metric", metric));
        return _overflowed.TryAdd(metric, true);
    }

    public void Dispose() => _meter.Dispose();
}
