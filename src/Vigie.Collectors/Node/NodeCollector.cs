using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Collectors.Node;

/// <summary>
/// The metrics of this machine as prometheus/node_exporter gives them. A collector that fails is left out and reported by
/// <c>node_scrape_collector_success</c>; the others are not affected. Safe for concurrent use.
/// </summary>
public sealed class NodeCollector(ProcFiles files, TimeProvider clock, string version = "0.1.0")
{
    readonly INodeCollector[] _collectors =
    [
        new ConntrackCollector(),
        new CpuCollector(),
        new DiskStatsCollector(),
        new EntropyCollector(),
        new FileFdCollector(),
        new FileSystemCollector(),
        new LoadAverageCollector(),
        new MemoryCollector(),
        new NetworkClassCollector(),
        new NetworkDeviceCollector(),
        new NetworkStatisticsCollector(),
        new OsReleaseCollector(),
        new PressureCollector(),
        new SocketStatisticsCollector(),
        new SoftnetCollector(),
        new StatCollector(),
        new ThermalZoneCollector(),
        new TimeCollector(clock),
        new UnameCollector(),
        new VmStatCollector(),
    ];

    /// <summary>Writes one page.</summary>
    /// <param name="format"><see cref="ExpositionFormat.Text"/> or <see cref="ExpositionFormat.OpenMetrics"/>.</param>
    public void Write(IBufferWriter<byte> output, ExpositionFormat format)
    {
        var durations = new (double Seconds, bool Succeeded)[_collectors.Length];
        var part = new ArrayBufferWriter<byte>(16 << 10);
        for (int i = 0; i < _collectors.Length; i++)
        {
            long started = Stopwatch.GetTimestamp();
            bool succeeded = Collect(_collectors[i], new NodePage(part, format));
            // Half of a collector's metrics would be worse than none.
            if (succeeded) output.Write(part.WrittenSpan);
            part.ResetWrittenCount();
            durations[i] = (Stopwatch.GetElapsedTime(started).TotalSeconds, succeeded);
        }
        var page = new NodePage(output, format);
        page.Gauge("exporter_build_info", "A metric with a constant '1' value labeled by version, revision, branch, goversion from which "
            + "node_exporter was built, and the goos and goarch for the build.");
        string architecture = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "amd64"
            : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        page.Sample(1, new Label("branch", "vigie"), new Label("goarch", architecture), new Label("goos", "linux"),
            new Label("goversion", ""), new Label("revision", ""), new Label("tags", ""), new Label("version", version));
        page.Gauge("scrape_collector_duration_seconds", "node_exporter: Duration of a collector scrape.");
        for (int i = 0; i < durations.Length; i++) page.Sample("collector", _collectors[i].Name, durations[i].Seconds);
        page.Gauge("scrape_collector_success", "node_exporter: Whether a collector succeeded.");
        for (int i = 0; i < durations.Length; i++) page.Sample("collector", _collectors[i].Name, durations[i].Succeeded ? 1 : 0);
        page.End();
    }

    bool Collect(INodeCollector collector, NodePage page)
    {
        try
        {
            collector.Collect(files, page);
            return true;
        }
        catch (Exception problem) when (problem is CollectorException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            return false;
        }
    }
}
