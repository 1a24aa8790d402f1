using Vigie.Model;

namespace Vigie.Collectors.Node;

/// <summary>The system clock and its source.</summary>
sealed class TimeCollector(TimeProvider clock) : INodeCollector
{
    public string Name => "time";

    public void Collect(ProcFiles files, NodePage page)
    {
        string[] devices = [.. files.ListSys("devices/system/clocksource")
            .Where(static name => name.StartsWith("clocksource", StringComparison.Ordinal))];
        page.Gauge("time_clocksource_available_info", "Available clocksources read from '/sys/devices/system/clocksource'.");
        foreach (string device in devices)
        {
            string available = files.ReadSys($"devices/system/clocksource/{device}/available_clocksource") ?? "";
            foreach (string source in NodePage.Fields(available)) Write(page, source, device);
        }
        page.Gauge("time_clocksource_current_info", "Current clocksource read from '/sys/devices/system/clocksource'.");
        foreach (string device in devices)
            Write(page, files.ReadSys($"devices/system/clocksource/{device}/current_clocksource")?.Trim() ?? "", device);

        var now = clock.GetUtcNow();
        page.Gauge("time_seconds", "System time in seconds since epoch (1970).", (now - DateTimeOffset.UnixEpoch)
            .Ticks / (double)TimeSpan.TicksPerSecond);
        page.Gauge("time_zone_offset_seconds", "System time zone offset in seconds.");
        page.Sample("time_zone", ZoneName(clock.LocalTimeZone), clock.LocalTimeZone.GetUtcOffset(now).TotalSeconds);
    }

    static string ZoneName(TimeZoneInfo zone) => zone.Equals(TimeZoneInfo.Utc) || zone.HasSameRules(TimeZoneInfo.Utc) ? "UTC" : zone.Id;

    static void Write(NodePage page, string source, string device) =>
        page.Sample(1, new Label("clocksource", source), new Label("device", device["clocksource".Length..]));
}
