using System.Diagnostics.Metrics;
using System.Globalization;
using static Veza.Shared.MeterNames;

namespace Veza.Shared;

/// <summary>
/// What the service sees of its machine, under the names of the platform's own collectors. Linux only; elsewhere the series are absent.
/// </summary>
public sealed class SystemMetrics
{
    static readonly TimeSpan s_freshFor = TimeSpan.FromSeconds(2);

    readonly TimeProvider _clock;
    readonly Lock _lock = new();
    Snapshot _snapshot = new(); // guarded by _lock
    long _readAt; // guarded by _lock
    (double Idle, double Total) _cpu; // guarded by _lock

    public SystemMetrics(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _cpu = ReadCpu();
        var startedAt = clock.GetTimestamp();
        var meter = meters.Create("Veza.System");
        meter.Gauge("CPU usage of the machine in percent.", () => Current().CpuPercent,
            "cpu_usage_percent", "system_cpu_usage_percent", "veza_cpu_usage_percent");
        meter.Gauge("Memory in use on the machine in bytes.", () => Current().MemoryBytes, "memory_usage_bytes", "system_memory_usage_bytes");
        meter.Gauge("Memory in use on the machine in percent.", () => Current().MemoryPercent, "veza_memory_usage_percent");
        meter.Gauge("Disk space in use in percent.", () => Disks(disk => 100.0 * disk.UsedBytes / disk.TotalBytes),
            "disk_usage_percent", "veza_disk_usage_percent");
        meter.Gauge("Disk space in use in bytes.", () => Disks(disk => disk.UsedBytes), "system_disk_usage_bytes");
        meter.Gauge("System load average.", Loads, "load_average", "system_load_average");
        meter.Counter("Bytes received by the machine.", () => Current().ReceivedBytes, "veza_network_bytes_received_total");
        meter.Counter("Bytes sent by the machine.", () => Current().SentBytes, "veza_network_bytes_sent_total");
        meter.Counter("Bytes through the machine's network interfaces.", () =>
        [
            new Measurement<double>(Current().ReceivedBytes, Tag("direction", "receive")),
            new Measurement<double>(Current().SentBytes, Tag("direction", "transmit")),
        ], "network_io_bytes");
        meter.Gauge("Process uptime in seconds.", () => clock.GetElapsedTime(startedAt).TotalSeconds, "veza_process_uptime_seconds");
        meter.Gauge("Thread pool threads and waiting work items: the equivalent of goroutines.",
            () => ThreadPool.ThreadCount + ThreadPool.PendingWorkItemCount, "veza_goroutines");
    }

    Snapshot Current()
    {
        lock (_lock)
        {
            if (_readAt != 0 && _clock.GetElapsedTime(_readAt) < s_freshFor) return _snapshot;
            _readAt = _clock.GetTimestamp();
            return _snapshot = Read();
        }
    }

    List<Measurement<double>> Disks(Func<Disk, double> value) =>
        [.. Current().Disks.Select(disk => new Measurement<double>(value(disk), Tag("mountpoint", disk.Mountpoint)))];

    List<Measurement<double>> Loads() =>
        [.. Current().Loads.Zip(["1m", "5m", "15m"], (load, period) => new Measurement<double>(load, Tag("period", period)))];

    Snapshot Read()
    {
        var before = _cpu;
        _cpu = ReadCpu();
        var total = _cpu.Total - before.Total;
        var memory = Lines("/proc/meminfo").Select(Words).ToDictionary(words => words[0], words => Number(words[1]) * 1024, StringComparer.Ordinal);
        var memoryTotal = memory.GetValueOrDefault("MemTotal:", 1);
        var memoryUsed = memoryTotal - memory.GetValueOrDefault("MemAvailable:");
        var interfaces = Lines("/proc/net/dev").Skip(2).Select(line => Words(line.Replace(':', ' '))).Where(words => words[0] != "lo").ToList();
        return new Snapshot
        {
            CpuPercent = total > 0 ? 100 * (1 - ((_cpu.Idle - before.Idle) / total)) : _snapshot.CpuPercent,
            MemoryBytes = memoryUsed,
            MemoryPercent = 100 * memoryUsed / memoryTotal,
            ReceivedBytes = interfaces.Sum(words => Number(words[1])),
            SentBytes = interfaces.Sum(words => Number(words[9])),
            Loads = [.. Lines("/proc/loadavg").Take(1).SelectMany(line => Words(line).Take(3)).Select(Number)],
            Disks = ReadDisks(),
        };
    }

    static (double Idle, double Total) ReadCpu()
    {
        var fields = Lines("/proc/stat").Take(1).SelectMany(line => Words(line).Skip(1).Take(8)).Select(Number).ToList();
        return fields.Count < 5 ? default : (fields[3] + fields[4], fields.Sum()); // idle and waiting for the disk
    }

    static List<Disk> ReadDisks()
    {
        var disks = new List<Disk>();
        foreach (var drive in DriveInfo.GetDrives())
        {
            try
            {
                if (drive.DriveType is DriveType.Fixed && drive.TotalSize > 0)
                    disks.Add(new Disk(drive.Name, drive.TotalSize - drive.AvailableFreeSpace, drive.TotalSize));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // a mount that this user may not look into
            }
        }
        return disks;
    }

    static IEnumerable<string> Lines(string path) => File.Exists(path) ? File.ReadLines(path) : [];

    static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    sealed record Disk(string Mountpoint, double UsedBytes, double TotalBytes);

    sealed record Snapshot
    {
        public double CpuPercent { get; init; }
        public double MemoryBytes { get; init; }
        public double MemoryPercent { get; init; }
        public double ReceivedBytes { get; init; }
        public double SentBytes { get; init; }
        public IReadOnlyList<double> Loads { get; init; } = [];
        public IReadOnlyList<Disk> Disks { get; init; } = [];
    }
}
