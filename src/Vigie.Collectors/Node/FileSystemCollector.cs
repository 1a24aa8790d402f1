using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Vigie.Model;

namespace Vigie.Collectors.Node;

/// <summary>Room on mounted file systems: /proc/1/mountinfo (proc(5)) and statvfs(3).</summary>
sealed partial class FileSystemCollector : INodeCollector
{
    /// <summary>A mount that does not answer for this long counts as failed: a dead network server must not hold up the page.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly HashSet<string> _stuck = new(StringComparer.Ordinal); // guarded by itself

    sealed record Mount(string Device, string Path, string Type, string DeviceNumber, bool ReadOnly)
    {
        public StatVfs? Statistics { get; init; }
        public string Error { get; init; } = "";

        public Label[] Labels => [new("device", Device), new("device_error", Error), new("fstype", Type), new("mountpoint", Path)];
    }

    public string Name => "filesystem";

    public void Collect(ProcFiles files, NodePage page)
    {
        var mounts = ReadMounts(files).Select(mount => Measure(mount, files.PathOf(mount.Path))).ToArray();
        Write(page, mounts, "avail_bytes", "Filesystem space available to non-root users in bytes.", static s =>
            s.AvailableBlocks * (double)s.BlockSize);
        page.Gauge("filesystem_device_error", "Whether an error occurred while getting statistics for the given device.");
        foreach (var mount in mounts) page.Sample(mount.Error.Length > 0 ? 1 : 0, mount.Labels);
        Write(page, mounts, "files", "Filesystem total file nodes.", static s => s.Files);
        Write(page, mounts, "files_free", "Filesystem total free file nodes.", static s => s.FreeFiles);
        Write(page, mounts, "free_bytes", "Filesystem free space in bytes.", static s => s.FreeBlocks * (double)s.BlockSize);
        page.Gauge("filesystem_mount_info", "Filesystem mount information.");
        foreach (var mount in mounts)
        {
            var number = mount.DeviceNumber.Split(':');
            page.Sample(1, new Label("device", mount.Device), new Label("major", number[0]), new Label("minor", number[^1]),
                new Label("mountpoint", mount.Path));
        }
        Write(page, mounts, "purgeable_bytes", "Filesystem space available including purgeable space (MacOS specific).", static _ => 0);
        page.Gauge("filesystem_readonly", "Filesystem read-only status.");
        foreach (var mount in mounts) page.Sample(mount.ReadOnly ? 1 : 0, mount.Labels);
        Write(page, mounts, "size_bytes", "Filesystem size in bytes.", static s => s.Blocks * (double)s.BlockSize);
    }

    static void Write(NodePage page, Mount[] mounts, string name, string help, Func<StatVfs, double> value)
    {
        page.Gauge("filesystem_" + name, help);
        foreach (var mount in mounts)
            if (mount.Statistics is { } statistics) page.Sample(value(statistics), mount.Labels);
    }

    static List<Mount> ReadMounts(ProcFiles files)
    {
        string text = files.ReadProc("1/mountinfo") ?? files.RequireProc("self/mountinfo");
        var mounts = new List<Mount>();
        var met = new HashSet<(string, string)>();
        foreach (string line in NodePage.Lines(text))
        {
            // 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
            var fields = NodePage.Fields(line);
            int dash = Array.IndexOf(fields, "-", 6);
            if (dash < 0 || dash + 2 >= fields.Length) continue;
            var (path, type, device) = (Unescape(fields[4]), fields[dash + 1], Unescape(fields[dash + 2]));
            if (IgnoredPaths().IsMatch(path) || IgnoredTypes().IsMatch(type) || !met.Add((device, path))) continue;
            bool readOnly = fields[5].Split(',').Contains("ro") || (dash + 3 < fields.Length && fields[dash + 3].Split(',').Contains("ro"));
            mounts.Add(new Mount(device, path, type, fields[2], readOnly));
        }
        return mounts;
    }

    Mount Measure(Mount mount, string path)
    {
        lock (_stuck)
        {
            if (_stuck.Contains(path)) return mount with { Error = "mountpoint timeout" };
        }
        if (!NetworkTypes().IsMatch(mount.Type)) return Measured(mount, path);
        var measuring = Task.Run(() => Measured(mount, path));
        if (measuring.Wait(Patience)) return measuring.Result;
        lock (_stuck) _stuck.Add(path);
        _ = measuring.ContinueWith(_ => { lock (_stuck) _stuck.Remove(path); }, TaskScheduler.Default);
        return mount with { Error = "mountpoint timeout" };
    }

    static Mount Measured(Mount mount, string path) => StatVfsOf(path, out var statistics) == 0
        ? mount with { Statistics = statistics }
        : mount with { Error = Marshal.GetLastPInvokeErrorMessage().ToLowerInvariant() };

    /// <summary>struct statvfs of 64-bit Linux C libraries.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 112)]
    struct StatVfs
    {
        public ulong PreferredSize, BlockSize, Blocks, FreeBlocks, AvailableBlocks, Files, FreeFiles, AvailableFiles, Id, Flags, NameMax;
    }

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatVfsOf(string path, out StatVfs statistics);

    /// <summary>Blanks and the like stand as three octal digits.</summary>
    static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            bool octal = text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0;
            result.Append(octal ? (char)((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + text[i + 3] - '0') : text[i]);
            if (octal) i += 3;
        }
        return result.ToString();
    }

    [GeneratedRegex("^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)")]
    private static partial Regex IgnoredPaths();

    [GeneratedRegex("^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|"
        + "procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|erofs|sysfs|tracefs)$")]
    private static partial Regex IgnoredTypes();

    [GeneratedRegex("^(nfs|cifs|smb|fuse|ceph|9p|glusterfs)")]
    private static partial Regex NetworkTypes();
}
