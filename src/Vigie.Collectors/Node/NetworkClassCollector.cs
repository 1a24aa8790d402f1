using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Collectors.Node;

/// <summary>Properties of network devices: /sys/class/net (Documentation/ABI/testing/sysfs-class-net).</summary>
sealed class NetworkClassCollector : INodeCollector
{
    readonly record struct Property(string File, string Name, MetricKind Kind, double Factor = 1);

    static readonly Property[] Properties =
    [
        new("addr_assign_type", "address_assign_type", MetricKind.Gauge),
        new("carrier", "carrier", MetricKind.Gauge),
        new("carrier_changes", "carrier_changes_total", MetricKind.Counter),
        new("carrier_down_count", "carrier_down_changes_total", MetricKind.Counter),
        new("carrier_up_count", "carrier_up_changes_total", MetricKind.Counter),
        new("dev_id", "device_id", MetricKind.Gauge),
        new("dormant", "dormant", MetricKind.Gauge),
        new("flags", "flags", MetricKind.Gauge),
        new("ifindex", "iface_id", MetricKind.Gauge),
        new("iflink", "iface_link", MetricKind.Gauge),
        new("link_mode", "iface_link_mode", MetricKind.Gauge),
        new("mtu", "mtu_bytes", MetricKind.Gauge),
        new("name_assign_type", "name_assign_type", MetricKind.Gauge),
        new("netdev_group", "net_dev_group", MetricKind.Gauge),
        new("type", "protocol_type", MetricKind.Gauge),
        new("speed", "speed_bytes", MetricKind.Gauge, 1_000_000 / 8.0),
        new("tx_queue_len", "transmit_queue_length", MetricKind.Gauge),
    ];

    public string Name => "netclass";

    public void Collect(ProcFiles files, NodePage page)
    {
        var devices = files.ListSys("class/net").Where(device => files.ReadSys($"class/net/{device}/ifindex") is not null).ToArray();
        page.Gauge("network_info", "Non-numeric data from /sys/class/net/<iface>, value is always 1.");
        foreach (string device in devices)
        {
            string Text(string file) => files.ReadSys($"class/net/{device}/{file}")?.Trim() ?? "";
            bool up = files.ReadSysNumber($"class/net/{device}/flags") is { } flags && ((long)flags & 1) != 0;
            page.Sample(1, new Label("address", Text("address")), new Label("adminstate", up ? "up" : "down"),
                new Label("broadcast", Text("broadcast")), new Label("device", device), new Label("duplex", Text("duplex")),
                new Label("ifalias", Text("ifalias")), new Label("operstate", Text("operstate")));
        }
        page.Gauge("network_up", "Value is 1 if operstate is 'up', 0 otherwise.");
        foreach (string device in devices) page.Sample("device", device, files.ReadSys($"class/net/{device}/operstate")?.Trim() == "up" ? 1
            : 0);
        foreach (var property in Properties)
        {
            // Some drivers refuse some files: a family without samples is left out.
            var values = devices.Select(device => (device, value: files.ReadSysNumber($"class/net/{device}/{property.File}"))).ToArray();
            if (values.All(static pair => pair.value is null)) continue;
            page.Family("network_" + property.Name, property.Kind, $"Network device property: {property.Name}");
            foreach (var (device, value) in values)
                if (value is { } number) page.Sample("device", device, number * property.Factor);
        }
    }
}
