using System.Globalization;

namespace Vigie.Collectors.Node;

/// <summary>Connection tracking: /proc/sys/net/netfilter and /proc/net/stat/nf_conntrack (summed over processors).</summary>
sealed class ConntrackCollector : INodeCollector
{
    static readonly (string Column, string Name, string Help)[] Statistics =
    [
        ("drop", "drop", "Number of packets dropped due to conntrack failure."),
        ("early_drop", "early_drop", "Number of dropped conntrack entries to make room for new ones, if maximum table size was reached."),
        ("found", "found", "Number of searched entries which were successful."),
        ("ignore", "ignore", "Number of packets seen which are already connected to a conntrack entry."),
        ("insert", "insert", "Number of entries inserted into the list."),
        ("insert_failed", "insert_failed", "Number of entries for which list insertion was attempted but failed."),
        ("invalid", "invalid", "Number of packets seen which can not be tracked."),
        ("search_restart", "search_restart", "Number of conntrack table lookups which had to be restarted due to hashtable resizes."),
    ];

    public string Name => "conntrack";

    public void Collect(ProcFiles files, NodePage page)
    {
        if (files.ReadProcNumber("sys/net/netfilter/nf_conntrack_count") is not { } entries
            || files.ReadProcNumber("sys/net/netfilter/nf_conntrack_max") is not { } limit)
        {
            throw new CollectorException("conntrack is not loaded");
        }
        page.Gauge("nf_conntrack_entries", "Number of currently allocated flow entries for connection tracking.", entries);
        page.Gauge("nf_conntrack_entries_limit", "Maximum size of connection tracking table.", limit);
        if (files.ReadProc("net/stat/nf_conntrack") is not { } text) return;
        var rows = NodePage.Lines(text).Select(NodePage.Fields).ToArray();
        foreach (var (column, name, help) in Statistics)
        {
            int at = Array.IndexOf(rows[0], column);
            if (at < 0 && column == "ignore") at = Array.IndexOf(rows[0], "clashres");
            double sum = 0;
            for (int i = 1; i < rows.Length && at >= 0; i++) sum += ulong.Parse(rows[i][at], NumberStyles.HexNumber,
                CultureInfo.InvariantCulture);
            page.Gauge("nf_conntrack_stat_" + name, help, sum);
        }
    }
}
