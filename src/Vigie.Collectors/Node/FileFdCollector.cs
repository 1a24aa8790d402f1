namespace Vigie.Collectors.Node;

/// <summary>Open files of the whole system: /proc/sys/fs/file-nr.</summary>
sealed class FileFdCollector : INodeCollector
{
    public string Name => "filefd";

    public void Collect(ProcFiles files, NodePage page)
    {
        var fields = NodePage.Fields(files.RequireProc("sys/fs/file-nr"));
        page.Gauge("filefd_allocated", "File descriptor statistics: allocated.", NodePage.Number(fields[0]));
        page.Gauge("filefd_maximum", "File descriptor statistics: maximum.", NodePage.Number(fields[2]));
    }
}
