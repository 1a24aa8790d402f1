using System.Diagnostics;
using Vigie.Testing;

namespace Vigie.Differential.Tests;

/// <summary>Real servers to compare with.</summary>
static class Peers
{
    /// <summary>The newest Prometheus at hand; version 2 has other range semantics and cannot serve.</summary>
    public static string RequirePrometheus3()
    {
        string?[] candidates = [PeerPrograms.Newest("prometheus"), PeerPrograms.OnPath("prometheus")];
        string? found = candidates.FirstOrDefault(static one => one is not null && Version(one).Contains("version 3.", StringComparison.Ordinal));
        Assert.SkipWhen(found is null, "no Prometheus 3 at hand: set VIGIE_PEERS to the folder of one");
        return found!;
    }

    static string Version(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
    }
}
