using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Vigie.Collectors.Node;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Testing;

namespace Vigie.Collectors.Tests.Node;

/// <summary>The same machine seen by the real prometheus-node-exporter: families, types, help, label names and series must be the
/// same.</summary>
public sealed class NodeExporterDifferentialTests
{
    /// <summary>Not built in; their families are passed over.</summary>
    static readonly string[] Elsewhere =
    [
        "go_", "process_", "promhttp_", "node_arp_", "node_cpu_frequency", "node_cpu_scaling", "node_kernel_hung", "node_selinux",
            "node_textfile",
        "node_timex", "node_udp_queues", "node_hwmon", "node_schedstat", "node_xfs", "node_btrfs", "node_edac", "node_power_supply",
            "node_dmi",
        "node_rapl", "node_nfs", "node_ipvs", "node_md", "node_nvme", "node_bonding", "node_infiniband", "node_zfs", "node_watchdog",
            "node_systemd",
        "node_cpu_core_throttles", "node_cpu_package_throttles", "node_network_receive_dropped", "node_bcache", "node_fibrechannel",
            "node_tape",
    ];

    [Fact]
    public async Task Families_AreThoseOfNodeExporter()
    {
        string? exporter = PeerPrograms.Newest("prometheus-node-exporter") ?? PeerPrograms.OnPath("prometheus-node-exporter");
        Assert.SkipWhen(exporter is null, "no prometheus-node-exporter at hand: set VIGIE_PEERS to the folder of its newest build");
        var theirs = Parse(await ScrapeAsync(exporter!));
        Assert.SkipUnless(theirs.ContainsKey("node_filesystem_mount_info"), $"{exporter} is too old to compare with, expected 1.9 or newer");
        var page = new ArrayBufferWriter<byte>();
        new NodeCollector(new ProcFiles(), TimeProvider.System).Write(page, ExpositionFormat.Text);
        var ours = Parse(page.WrittenSpan.ToArray());

        var differences = new List<string>();
        foreach (var (name, family) in theirs)
        {
            if (Elsewhere.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) continue;
            if (!ours.TryGetValue(name, out var own)) differences.Add($"{name}: missing");
            else if (own.Description != family.Description) differences.Add($"{name}: ours {own.Description}, theirs {family.Description}");
            else if (name != "node_exporter_build_info" && !name.StartsWith("node_scrape_collector_", StringComparison.Ordinal))
            {
                foreach (string series in family.Series.Except(own.Series)) differences.Add($"{name}: missing {series}");
                foreach (string series in own.Series.Except(family.Series)) differences.Add($"{name}: extra {series}");
            }
        }
        // Of /proc/meminfo everything is given, as node_exporter did before 1.9.
        foreach (string name in ours.Keys.Except(theirs.Keys)
            .Where(name => !name.StartsWith("node_memory_",
                StringComparison.Ordinal))) differences.Add($"{name}: not there in node_exporter");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    sealed record Family(string Description, HashSet<string> Series);

    static Dictionary<string, Family> Parse(byte[] page)
    {
        var families = new Dictionary<string, Family>(StringComparer.Ordinal);
        var labels = new List<Label>();
        var reader = new ExpositionReader(page, ExpositionFormat.Text);
        string help = "", current = "";
        for (var entry = reader.Read(); entry != ExpositionEntry.End; entry = reader.Read())
        {
            switch (entry)
            {
                case ExpositionEntry.Help: help = reader.ReadHelp(); break;
                case ExpositionEntry.Type:
                    current = reader.ReadName();
                    families[current] = new Family($"{MetricKinds.NameOf(reader.Kind)} \"{help}\"", []);
                    break;
                case ExpositionEntry.Sample when families.TryGetValue(current, out var family):
                    reader.ReadLabels(labels);
                    // Details that udev adds are not read from sysfs; the network statistics of the test itself come and go.
                    bool nameless = current is "node_disk_info" or "node_network_info";
                    family.Series.Add(nameless ? string.Join(',', labels.Select(label => label.Name)) : Labels.Of(labels.ToArray())
                        .ToString());
                    break;
            }
        }
        return families;
    }

    /// <summary>Upstream's default; Debian's build leaves out more.</summary>
    const string MountPoints = "--collector.filesystem.mount-points-exclude="
        + "^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)";

    static async Task<byte[]> ScrapeAsync(string exporter)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var process = Process.Start(new ProcessStartInfo(exporter,
            [$"--web.listen-address=127.0.0.1:{port}", MountPoints]) { RedirectStandardError = true })!;
        _ = process.StandardError.ReadToEndAsync();
        try
        {
            using var client = new HttpClient();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (true)
            {
                try
                {
                    return await client.GetByteArrayAsync($"http://127.0.0.1:{port}/metrics", patience.Token);
                }
                catch (HttpRequestException) when (!process.HasExited)
                {
                    await Task.Delay(50, patience.Token);
                }
            }
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
