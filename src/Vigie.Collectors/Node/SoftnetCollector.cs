using System.Globalization;
using Vigie.Protocols.Exposition;

namespace Vigie.Collectors.Node;

/// <summary>Packet processing per processor: /proc/net/softnet_stat (net/core/net-procfs.c).</summary>
sealed class SoftnetCollector : INodeCollector
{
    static readonly (int Column, string Name, MetricKind Kind, string Help)[] Columns =
    [
        (11, "backlog_len", MetricKind.Gauge, "Softnet backlog status"),
        (8, "cpu_collision_total", MetricKind.Counter, "Number of collision occur while obtaining device lock while transmitting"),
        (1, "dropped_total", MetricKind.Counter, "Number of dropped packets"),
        (10, "flow_limit_count_total", MetricKind.Counter, "Number of times flow limit has been reached"),
        (0, "processed_total", MetricKind.Counter, "Number of processed packets"),
        (9, "received_rps_total", MetricKind.Counter, "Number of times cpu woken up received_rps"),
        (2, "times_squeezed_total", MetricKind.Counter, "Number of times processing packets ran out of quota"),
    ];
    const int ProcessorColumn = 12;

    public string Name => "softnet";

    public void Collect(ProcFiles files, NodePage page)
    {
        var rows = NodePage.Lines(files.RequireProc("net/softnet_stat")).Select(NodePage.Fields).ToArray();
        foreach (var (column, name, kind, help) in Columns)
        {
            page.Family("softnet_" + name, kind, help);
            for (int i = 0; i < rows.Length; i++)
            {
                var fields = rows[i];
                // Before Linux 5.14 the processor is told by the line's place only.
                long processor = fields.Length > ProcessorColumn ? Hexadecimal(fields[ProcessorColumn]) : i;
                page.Sample("cpu", processor.ToString(CultureInfo.InvariantCulture), column < fields.Length ? Hexadecimal(fields[column])
                    : 0);
            }
        }
    }

    static long Hexadecimal(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
