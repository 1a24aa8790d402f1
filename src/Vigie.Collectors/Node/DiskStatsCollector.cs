using System.Text.RegularExpressions;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Collectors.Node;

/// <summary>Disk input and output: /proc/diskstats (Documentation/admin-guide/iostats.rst).</summary>
sealed partial class DiskStatsCollector : INodeCollector
{
    const double BytesPerSector = 512, SecondsPerMs = 0.001;

    readonly record struct Column(string Name, MetricKind Kind, double Factor, string Help);

    static readonly Column[] Columns =
    [
        new("reads_completed_total", MetricKind.Counter, 1, "The total number of reads completed successfully."),
        new("reads_merged_total", MetricKind.Counter, 1, "The total number of reads merged."),
        new("read_bytes_total", MetricKind.Counter, BytesPerSector, "The total number of bytes read successfully."),
        new("read_time_seconds_total", MetricKind.Counter, SecondsPerMs, "The total number of seconds spent by all reads."),
        new("writes_completed_total", MetricKind.Counter, 1, "The total number of writes completed successfully."),
        new("writes_merged_total", MetricKind.Counter, 1, "The number of writes merged."),
        new("written_bytes_total", MetricKind.Counter, BytesPerSector, "The total number of bytes written successfully."),
        new("write_time_seconds_total", MetricKind.Counter, SecondsPerMs, "This is the total number of seconds spent by all writes."),
        new("io_now", MetricKind.Gauge, 1, "The number of I/Os currently in progress."),
        new("io_time_seconds_total", MetricKind.Counter, SecondsPerMs, "Total seconds spent doing I/Os."),
        new("io_time_weighted_seconds_total", MetricKind.Counter, SecondsPerMs, "The weighted # of seconds spent doing I/Os."),
        new("discards_completed_total", MetricKind.Counter, 1, "The total number of discards completed successfully."),
        new("discards_merged_total", MetricKind.Counter, 1, "The total number of discards merged."),
        new("discarded_sectors_total", MetricKind.Counter, 1, "The total number of sectors discarded successfully."),
        new("discard_time_seconds_total", MetricKind.Counter, SecondsPerMs, "This is the total number of seconds spent by all discards."),
        new("flush_requests_total", MetricKind.Counter, 1, "The total number of flush requests completed successfully"),
        new("flush_requests_time_seconds_total", MetricKind.Counter, SecondsPerMs,
            "This is the total number of seconds spent by all flush requests."),
    ];

    public string Name => "diskstats";

    public void Collect(ProcFiles files, NodePage page)
    {
        var disks = NodePage.Lines(files.RequireProc("diskstats")).Select(NodePage.Fields)
            .Where(static fields => fields.Length > 3 && !Ignored().IsMatch(fields[2])).ToArray();
        for (int i = 0; i < Columns.Length; i++)
        {
            if (!disks.Any(fields => fields.Length > i + 3)) continue;
            var column = Columns[i];
            page.Family("disk_" + column.Name, column.Kind, column.Help);
            foreach (var fields in disks)
                if (fields.Length > i + 3) page.Sample("device", fields[2], NodePage.Number(fields[i + 3]) * column.Factor);
        }
        page.Gauge("disk_info", "Info of /sys/block/<block_device>.");
        foreach (var fields in disks)
        {
            string folder = $"block/{fields[2]}/";
            page.Sample(1, new Label("device", fields[2]), new Label("major", fields[0]), new Label("minor", fields[1]),
                new Label("model", Text(files, folder + "device/model")), new Label("path", ""),
                    new Label("revision", Text(files, folder + "device/rev")),
                new Label("rotational", Text(files, folder + "queue/rotational")),
                    new Label("serial", Text(files, folder + "device/serial")),
                new Label("wwn", Text(files, folder + "device/wwid")));
        }
    }

    static string Text(ProcFiles files, string path) => files.ReadSys(path)?.Trim() ?? "";

    [GeneratedRegex(@"^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$")]
    private static partial Regex Ignored();
}
