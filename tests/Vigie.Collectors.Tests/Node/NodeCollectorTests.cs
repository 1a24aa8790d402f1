using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Vigie.Collectors.Node;
using Vigie.Model;
using Vigie.Protocols.Exposition;
using Vigie.Testing;

namespace Vigie.Collectors.Tests.Node;

public sealed class NodeCollectorTests : IDisposable
{
    readonly string _root = Directory.CreateTempSubdirectory("vigie-node-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    void File(string path, string text)
    {
        string full = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, text);
    }

    string Page(ExpositionFormat format = ExpositionFormat.Text)
    {
        var output = new ArrayBufferWriter<byte>();
        var files = new ProcFiles(Path.Combine(_root, "proc"), Path.Combine(_root, "sys"), _root);
        new NodeCollector(files, new ManualTimeProvider()).Write(output, format);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    void Check(params string[] lines)
    {
        string page = Page();
        foreach (string line in lines) Assert.Contains(line + "\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Cpu_TicksBecomeSeconds()
    {
        File("proc/stat", "cpu  1 2 3\ncpu0 150 25 300 4000 50 6 7 8 9 10\n"
            + "ctxt 5\nbtime 1700000000\nprocesses 7\nprocs_running 2\nprocs_blocked 1\nintr 99 1 2\n");
        Check("# TYPE node_cpu_seconds_total counter", "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} 1.5",
            "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} 40",
            "node_cpu_guest_seconds_total{cpu=\"0\",mode=\"nice\"} 0.1", "node_boot_time_seconds 1.7e+09", "node_forks_total 7",
                "node_intr_total 99",
            "node_context_switches_total 5", "node_procs_running 2", "node_scrape_collector_success{collector=\"cpu\"} 1");
    }

    [Fact]
    public void Memory_KilobytesBecomeBytes()
    {
        File("proc/meminfo", "MemTotal:       2048 kB\nActive(anon):      4 kB\nHugePages_Total:       3\n");
        Check("# HELP node_memory_MemTotal_bytes Memory information field MemTotal_bytes.", "node_memory_MemTotal_bytes 2.097152e+06",
            "node_memory_Active_anon_bytes 4096", "node_memory_HugePages_Total 3");
    }

    [Fact]
    public void DiskStats_OldAndNewKernels()
    {
        File("proc/diskstats", "   8 0 sda 1 2 4 1000 5 6 8 2000 9 3000 4000\n"
            + "   8 1 sda1 1 1 1 1 1 1 1 1 1 1 1\n 7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\n");
        File("sys/block/sda/queue/rotational", "1\n");
        Check("node_disk_read_bytes_total{device=\"sda\"} 2048", "node_disk_read_time_seconds_total{device=\"sda\"} 1",
            "node_disk_io_now{device=\"sda\"} 9",
            "node_disk_info{device=\"sda\",major=\"8\",minor=\"0\",model=\"\","
            + "path=\"\",revision=\"\",rotational=\"1\",serial=\"\",wwn=\"\"} 1");
        Assert.DoesNotContain("sda1", Page(), StringComparison.Ordinal);
        Assert.DoesNotContain("discard", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void FileSystem_MountsOfInterest()
    {
        File("proc/1/mountinfo", "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n"
            + "2 1 0:5 / /proc rw - proc proc rw\n3 1 8:2 / /a\\040b ro,noatime shared:1 - xfs /dev/sdb ro\n");
        Directory.CreateDirectory(Path.Combine(_root, "a b"));
        Check("node_filesystem_readonly{device=\"/dev/sdb\",device_error=\"\",fstype=\"xfs\",mountpoint=\"/a b\"} 1",
            "node_filesystem_readonly{device=\"/dev/sda1\",device_error=\"\",fstype=\"ext4\",mountpoint=\"/\"} 0",
            "node_filesystem_mount_info{device=\"/dev/sdb\",major=\"8\",minor=\"2\",mountpoint=\"/a b\"} 1");
        Assert.Contains("node_filesystem_size_bytes{device=\"/dev/sda1\"", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void FileSystem_MountIsGone_IsADeviceError()
    {
        File("proc/1/mountinfo", "1 0 8:1 / /gone rw - ext4 /dev/sda1 rw\n");
        Check("node_filesystem_device_error{device=\"/dev/sda1\","
            + "device_error=\"no such file or directory\",fstype=\"ext4\",mountpoint=\"/gone\"} 1");
    }

    [Fact]
    public void Network_TrafficAndProperties()
    {
        File("proc/net/dev", "Inter-|   Receive\n face |bytes\n  eth0: 100 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
        File("sys/class/net/eth0/ifindex", "2\n");
        File("sys/class/net/eth0/flags", "0x1003\n");
        File("sys/class/net/eth0/operstate", "up\n");
        File("sys/class/net/eth0/speed", "1000\n");
        Check("# TYPE node_network_receive_bytes_total counter", "node_network_receive_bytes_total{device=\"eth0\"} 100",
            "node_network_transmit_compressed_total{device=\"eth0\"} 16", "node_network_up{device=\"eth0\"} 1",
            "node_network_speed_bytes{device=\"eth0\"} 1.25e+08", "node_network_flags{device=\"eth0\"} 4099");
    }

    [Fact]
    public void Missing_Files_FailTheirCollectorOnly()
    {
        File("proc/loadavg", "0.5 1 2 1/2 3\n");
        Check("node_load1 0.5", "node_load5 1", "node_load15 2", "node_scrape_collector_success{collector=\"loadavg\"} 1",
            "node_scrape_collector_success{collector=\"meminfo\"} 0");
    }

    [Fact]
    public void Broken_File_LeavesNothingOfItsCollector()
    {
        File("proc/loadavg", "0.5 x 2\n");
        Check("node_scrape_collector_success{collector=\"loadavg\"} 0");
        Assert.DoesNotContain("node_load1", Page(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExpositionFormat.Text)]
    [InlineData(ExpositionFormat.OpenMetrics)]
    public void Write_ThisMachine_IsAValidPageWithoutDuplicates(ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        new NodeCollector(new ProcFiles(), TimeProvider.System).Write(output, format);
        var series = new HashSet<string>();
        var families = new HashSet<string>();
        var reader = new ExpositionReader(output.WrittenSpan, format);
        for (var entry = reader.Read(); entry != ExpositionEntry.End; entry = reader.Read())
        {
            if (entry == ExpositionEntry.Type) Assert.True(families.Add(reader.ReadName()), reader.ReadName());
            else if (entry == ExpositionEntry.Sample) Assert.True(series.Add(Encoding.UTF8.GetString(reader.SeriesText)),
                Encoding.UTF8.GetString(reader.SeriesText));
        }
        Assert.True(series.Count > 100);
    }
}
