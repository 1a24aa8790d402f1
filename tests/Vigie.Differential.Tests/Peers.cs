using System.Diagnostics;

namespace Vigie.Differential.Tests;

/// <summary>Real servers to compare with.</summary>
static class Peers
{
    /// <summary>The newest Prometheus at hand; version 2 has other range semantics and cannot serve.</summary>
    public static string RequirePrometheus3()
    {
        string[] candidates =
        [
            Environment.GetEnvironmentVariable("VIGIE_PEERS") is { } peers ? Path.Combine(peers, "prometheus") : "",
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache/vigie-peers/prometheus"),
            .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "prometheus")),
        ];
        string? found = candidates.FirstOrDefault(candidate => File.Exists(candidate) && Version(candidate).Contains("version 3.", StringComparison.Ordinal));
        Assert.SkipWhen(found is null, "no Prometheus 3 at hand: set VIGIE_PEERS to the folder of one");
        return found!;
    }

    static string Version(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        return process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
    }
}
