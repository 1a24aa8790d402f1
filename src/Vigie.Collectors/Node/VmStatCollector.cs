using System.Text.RegularExpressions;

namespace Vigie.Collectors.Node;

/// <summary>Paging and out-of-memory kills: /proc/vmstat, the usual selection of it.</summary>
sealed partial class VmStatCollector : INodeCollector
{
    public string Name => "vmstat";

    public void Collect(ProcFiles files, NodePage page)
    {
        foreach (string line in NodePage.Lines(files.RequireProc("vmstat")))
        {
            var fields = NodePage.Fields(line);
            if (!Usual().IsMatch(fields[0])) continue;
            page.Untyped("vmstat_" + fields[0], $"/proc/vmstat information field {fields[0]}.");
            page.Sample(NodePage.Number(fields[1]));
        }
    }

    [GeneratedRegex("^(oom_kill|pgpg|pswp|pg.*fault).*")]
    private static partial Regex Usual();
}
