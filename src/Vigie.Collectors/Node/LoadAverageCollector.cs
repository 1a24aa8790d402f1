namespace Vigie.Collectors.Node;

/// <summary>/proc/loadavg.</summary>
sealed class LoadAverageCollector : INodeCollector
{
    public string Name => "loadavg";

    public void Collect(ProcFiles files, NodePage page)
    {
        var fields = NodePage.Fields(files.RequireProc("loadavg"));
        page.Gauge("load1", "1m load average.", NodePage.Number(fields[0]));
        page.Gauge("load15", "15m load average.", NodePage.Number(fields[2]));
        page.Gauge("load5", "5m load average.", NodePage.Number(fields[1]));
    }
}
