using System.Diagnostics.Metrics;

namespace Vigie.Instrumentation;

/// <summary>
/// The <c>process_*</c> metrics every Prometheus client library has. See
/// https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
/// </summary>
public static class ProcessInstruments
{
    /// <summary>Creates the instruments on <paramref name="meter"/>. They read the operating system when they are observed.</summary>
    public static void Create(Meter meter, TimeProvider? clock = null)
    {
        var process = new ProcessStatus(clock ?? TimeProvider.System);
        meter.CreateObservableCounter("process_cpu_seconds_total", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s",
            "Total user and system CPU time spent in seconds.");
        meter.CreateObservableGauge("process_resident_memory_bytes", () => process.ResidentBytes, "By", "Resident memory size in bytes.");
        meter.CreateObservableGauge("process_virtual_memory_bytes", () => process.VirtualBytes, "By", "Virtual memory size in bytes.");
        meter.CreateObservableGauge("process_open_fds", () => process.OpenFiles, null, "Number of open file descriptors.");
        meter.CreateObservableGauge("process_num_threads", () => process.Threads, null, "Number of operating system threads.");
        if (ProcessStatus.OpenFilesMax is { } openFilesMax)
            meter.CreateObservableGauge("process_max_fds", () => openFilesMax, null, "Maximum number of open file descriptors.");
        var startTime = process.StartTimeSeconds;
        meter.CreateObservableGauge("process_start_time_seconds", () => startTime, "s",
            "Start time of the process since unix epoch in seconds.");
    }
}
