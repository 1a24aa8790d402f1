namespace Vigie.Collectors.Node;

/// <summary>Counters of the kernel as a whole: /proc/stat.</summary>
sealed class StatCollector : INodeCollector
{
    public string Name => "stat";

    public void Collect(ProcFiles files, NodePage page)
    {
        foreach (string line in NodePage.Lines(files.RequireProc("stat")))
        {
            var fields = NodePage.Fields(line);
            switch (fields[0])
            {
                case "btime": page.Gauge("boot_time_seconds", "Node boot time, in unixtime.", NodePage.Number(fields[1])); break;
                case "ctxt": page.Counter("context_switches_total", "Total number of context switches.", NodePage.Number(fields[1])); break;
                case "processes": page.Counter("forks_total", "Total number of forks.", NodePage.Number(fields[1])); break;
                case "intr": page.Counter("intr_total", "Total number of interrupts serviced.", NodePage.Number(fields[1])); break;
                case "procs_blocked":
                    page.Gauge("procs_blocked", "Number of processes blocked waiting for I/O to complete.", NodePage.Number(fields[1]));
                    break;
                case "procs_running": page.Gauge("procs_running", "Number of processes in runnable state.", NodePage.Number(fields[1]));
                    break;
            }
        }
    }
}
