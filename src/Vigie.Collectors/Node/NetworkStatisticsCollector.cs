using System.Text.RegularExpressions;

namespace Vigie.Collectors.Node;

/// <summary>Protocol counters: /proc/net/netstat, /proc/net/snmp and /proc/net/snmp6, the usual selection of them.</summary>
sealed partial class NetworkStatisticsCollector : INodeCollector
{
    public string Name => "netstat";

    public void Collect(ProcFiles files, NodePage page)
    {
        foreach (string text in (string[])[files.RequireProc("net/netstat"), files.RequireProc("net/snmp")])
        {
            // Two lines per protocol: the names, then the values.
            var lines = NodePage.Lines(text);
            for (int i = 0; i + 1 < lines.Length; i += 2)
            {
                var (names, values) = (NodePage.Fields(lines[i]), NodePage.Fields(lines[i + 1]));
                for (int field = 1; field < names.Length && field < values.Length; field++) Write(page, names[0].TrimEnd(':'),
                    names[field], values[field]);
            }
        }
        if (files.ReadProc("net/snmp6") is not { } version6) return;
        foreach (string line in NodePage.Lines(version6))
        {
            var fields = NodePage.Fields(line);
            int six = fields[0].IndexOf('6', StringComparison.Ordinal);
            if (six > 0) Write(page, fields[0][..(six + 1)], fields[0][(six + 1)..], fields[1]);
        }
    }

    static void Write(NodePage page, string protocol, string name, string value)
    {
        if (!Usual().IsMatch($"{protocol}_{name}")) return;
        page.Untyped($"netstat_{protocol}_{name}", $"Statistic {protocol}{name}.");
        page.Sample(NodePage.Number(value));
    }

    [GeneratedRegex("^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|"
        + "TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|"
        + "Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|"
        + "Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$")]
    private static partial Regex Usual();
}
