namespace Vigie.Collectors.Node;

/// <summary>Pressure stall information: /proc/pressure (Documentation/accounting/psi.rst).</summary>
sealed class PressureCollector : INodeCollector
{
    static readonly (string File, string Line, string Name, string Help)[] Totals =
    [
        ("cpu", "some", "cpu_waiting", "Total time in seconds that processes have waited for CPU time"),
        ("io", "full", "io_stalled", "Total time in seconds no process could make progress due to IO congestion"),
        ("io", "some", "io_waiting", "Total time in seconds that processes have waited due to IO congestion"),
        ("irq", "full", "irq_stalled", "Total time in seconds no process could make progress due to IRQ congestion"),
        ("memory", "full", "memory_stalled", "Total time in seconds no process could make progress due to memory congestion"),
        ("memory", "some", "memory_waiting", "Total time in seconds that processes have waited for memory"),
    ];

    public string Name => "pressure";

    public void Collect(ProcFiles files, NodePage page)
    {
        bool any = false;
        foreach (var (file, start, name, help) in Totals)
        {
            if (files.ReadProc($"pressure/{file}") is not { } text) continue;
            foreach (string line in NodePage.Lines(text))
            {
                var fields = NodePage.Fields(line);
                if (fields[0] != start) continue;
                string total = fields[^1][(fields[^1].IndexOf('=', StringComparison.Ordinal) + 1)..];
                page.Counter($"pressure_{name}_seconds_total", help, NodePage.Number(total) / 1e6);
                any = true;
            }
        }
        if (!any) throw new CollectorException("no pressure information: it needs Linux 4.20 with CONFIG_PSI");
    }
}
