namespace Vigie.Collectors.Node;

/// <summary>/proc/meminfo: a metric per line, in bytes where the kernel gives kilobytes.</summary>
sealed class MemoryCollector : INodeCollector
{
    public string Name => "meminfo";

    public void Collect(ProcFiles files, NodePage page)
    {
        foreach (string line in NodePage.Lines(files.RequireProc("meminfo")))
        {
            var fields = NodePage.Fields(line);
            string name = fields[0].TrimEnd(':').Replace("(", "_", StringComparison.Ordinal).Replace(")", "", StringComparison.Ordinal);
            bool kilobytes = fields.Length > 2 && fields[2] == "kB";
            if (kilobytes) name += "_bytes";
            page.Gauge("memory_" + name, $"Memory information field {name}.", NodePage.Number(fields[1]) * (kilobytes ? 1024 : 1));
        }
    }
}
