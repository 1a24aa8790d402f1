using System.Diagnostics.Metrics;
using Vigie.Instrumentation;

namespace Vigie.Server.Hosting;

/// <summary>What Prometheus' dashboards ask about configuration and build, under their names.</summary>
sealed class HostingMetrics : IDisposable
{
    readonly Meter _meter = new("Vigie.Server");

    public HostingMetrics(ConfigurationReloader reloader, string version)
    {
        _meter.CreateObservableGauge("prometheus_config_last_reload_successful", () => reloader.LastSucceeded ? 1 : 0,
            description: "Whether the last configuration reload attempt was successful.");
        _meter.CreateObservableGauge("prometheus_config_last_reload_success_timestamp_seconds",
            () => reloader.LastSuccess is { } at ? at.ToUnixTimeMilliseconds() / 1000.0 : 0, description: "Timestamp of the last successful configuration reload.");
        _meter.CreateObservableGauge("prometheus_build_info", () => new Measurement<int>(1, new KeyValuePair<string, object?>("version", version)),
            description: "A metric with a constant '1' value labeled by version.");
        ProcessInstruments.Create(_meter);
        RuntimeInstruments.Create(_meter);
        GoRuntimeInstruments.Create(_meter); // dashboards of Prometheus ask for go_*
    }

    public void Dispose() => _meter.Dispose();
}
