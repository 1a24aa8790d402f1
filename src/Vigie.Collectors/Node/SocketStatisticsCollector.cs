namespace Vigie.Collectors.Node;

/// <summary>Sockets in use: /proc/net/sockstat and /proc/net/sockstat6.</summary>
sealed class SocketStatisticsCollector : INodeCollector
{
    public string Name => "sockstat";

    public void Collect(ProcFiles files, NodePage page)
    {
        foreach (string? text in (string?[])[files.RequireProc("net/sockstat"), files.ReadProc("net/sockstat6")])
        {
            foreach (string line in NodePage.Lines(text ?? ""))
            {
                var fields = NodePage.Fields(line);
                string protocol = fields[0].TrimEnd(':');
                for (int i = 1; i + 1 < fields.Length; i += 2) Write(page, protocol, fields[i], NodePage.Number(fields[i + 1]));
            }
        }
    }

    static void Write(NodePage page, string protocol, string state, double value)
    {
        if (protocol == "sockets")
        {
            page.Gauge("sockstat_sockets_used", "Number of IPv4 sockets in use.", value);
            return;
        }
        page.Gauge($"sockstat_{protocol}_{state}", $"Number of {protocol} sockets in state {state}.", value);
        if (state != "mem") return;
        page.Gauge($"sockstat_{protocol}_mem_bytes", $"Number of {protocol} sockets in state mem_bytes.",
            value * Environment.SystemPageSize);
    }
}
