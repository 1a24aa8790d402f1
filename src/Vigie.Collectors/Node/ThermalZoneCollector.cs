using Vigie.Model;

namespace Vigie.Collectors.Node;

/// <summary>Temperatures and cooling devices: /sys/class/thermal.</summary>
sealed class ThermalZoneCollector : INodeCollector
{
    public string Name => "thermal_zone";

    public void Collect(ProcFiles files, NodePage page)
    {
        var entries = files.ListSys("class/thermal");
        Write(files, page, entries, "cooling_device", "cur_state", "cooling_device_cur_state", "name",
            "Current throttle state of the cooling device", 1);
        Write(files, page, entries, "cooling_device", "max_state", "cooling_device_max_state", "name",
            "Maximum throttle state of the cooling device", 1);
        Write(files, page, entries, "thermal_zone", "temp", "thermal_zone_temp", "zone", "Zone temperature in Celsius", 0.001);
    }

    static void Write(ProcFiles files, NodePage page, IReadOnlyList<string> entries, string prefix, string file, string metric,
        string label, string help, double factor)
    {
        bool begun = false;
        foreach (string entry in entries)
        {
            if (!entry.StartsWith(prefix, StringComparison.Ordinal)
                || files.ReadSysNumber($"class/thermal/{entry}/{file}") is not { } value) continue;
            if (!begun) page.Gauge(metric, help);
            begun = true;
            string type = files.ReadSys($"class/thermal/{entry}/type")?.Trim() ?? "";
            page.Sample(value * factor, new Label(label, entry[prefix.Length..]), new Label("type", type));
        }
    }
}
