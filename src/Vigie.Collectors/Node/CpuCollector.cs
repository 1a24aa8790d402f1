using Vigie.Model;

namespace Vigie.Collectors.Node;

/// <summary>Processor time by mode: /proc/stat.</summary>
sealed class CpuCollector : INodeCollector
{
    /// <summary>USER_HZ: the unit of /proc/stat on every architecture Linux has a C library for.</summary>
    const double TicksPerSecond = 100;

    static readonly string[] Modes = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];

    public string Name => "cpu";

    public void Collect(ProcFiles files, NodePage page)
    {
        var processors = NodePage.Lines(files.RequireProc("stat"))
            .Where(static line => line.StartsWith("cpu", StringComparison.Ordinal) && line[3] != ' ')
            .Select(NodePage.Fields).ToArray();
        page.Counter("cpu_guest_seconds_total", "Seconds the CPUs spent in guests (VMs) for each mode.");
        foreach (var fields in processors)
        {
            if (fields.Length < 11) continue;
            page.Sample(NodePage.Number(fields[10]) / TicksPerSecond, new Label("cpu", fields[0][3..]), new Label("mode", "nice"));
            page.Sample(NodePage.Number(fields[9]) / TicksPerSecond, new Label("cpu", fields[0][3..]), new Label("mode", "user"));
        }
        page.Counter("cpu_seconds_total", "Seconds the CPUs spent in each mode.");
        foreach (var fields in processors)
        {
            for (int mode = 0; mode < Modes.Length && mode + 1 < fields.Length; mode++)
                page.Sample(NodePage.Number(fields[mode + 1]) / TicksPerSecond, new Label("cpu", fields[0][3..]),
                    new Label("mode", Modes[mode]));
        }
    }
}
