namespace Vigie.Collectors.Node;

/// <summary>Traffic of network devices: /proc/net/dev.</summary>
sealed class NetworkDeviceCollector : INodeCollector
{
    static readonly string[] Columns =
    [
        "receive_bytes", "receive_packets", "receive_errs", "receive_drop", "receive_fifo", "receive_frame", "receive_compressed",
            "receive_multicast",
        "transmit_bytes", "transmit_packets", "transmit_errs", "transmit_drop", "transmit_fifo", "transmit_colls", "transmit_carrier",
        "transmit_compressed",
    ];

    public string Name => "netdev";

    public void Collect(ProcFiles files, NodePage page)
    {
        var devices = new List<(string Name, string[] Values)>();
        foreach (string line in NodePage.Lines(files.RequireProc("net/dev")).Skip(2))
        {
            int colon = line.LastIndexOf(':');
            if (colon > 0) devices.Add((line[..colon].Trim(), NodePage.Fields(line[(colon + 1)..])));
        }
        for (int i = 0; i < Columns.Length; i++)
        {
            Begin(page, Columns[i]);
            foreach (var (name, values) in devices)
                if (i < values.Length) page.Sample("device", name, NodePage.Number(values[i]));
        }
        var unhandled = devices.Select(device => (device.Name,
            Value: files.ReadSysNumber($"class/net/{device.Name}/statistics/rx_nohandler"))).ToArray();
        if (unhandled.All(static device => device.Value is null)) return;
        Begin(page, "receive_nohandler");
        foreach (var (name, value) in unhandled)
            if (value is { } number) page.Sample("device", name, number);
    }

    static void Begin(NodePage page, string column) => page.Counter($"network_{column}_total", $"Network device statistic {column}.");
}
