using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.Collectors.Node;

/// <summary>What uname(2) says, read from /proc/sys/kernel.</summary>
sealed class UnameCollector : INodeCollector
{
    public string Name => "uname";

    public void Collect(ProcFiles files, NodePage page)
    {
        string Text(string file) => files.RequireProc("sys/kernel/" + file).Trim();
        string machine = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x86_64", Architecture.X86 => "i686", Architecture.Arm64 => "aarch64", Architecture.Arm => "armv7l",
            var other => other.ToString().ToLowerInvariant(),
        };
        page.Gauge("uname_info", "Labeled system information as provided by the uname system call.");
        page.Sample(1, new Label("domainname", Text("domainname")), new Label("machine", machine), new Label("nodename", Text("hostname")),
            new Label("release", Text("osrelease")), new Label("sysname", Text("ostype")), new Label("version", Text("version")));
    }
}
