using System.Globalization;

namespace Vigie.Collectors.Node;

/// <summary>
/// Reads the kernel's files under configurable roots: the only place where collectors touch a file. A file that is missing or cannot be
/// read
/// (some give EINVAL or EPERM) is null, because what exists differs from kernel to kernel.
/// </summary>
public sealed class ProcFiles(string procRoot = "/proc", string sysRoot = "/sys", string root = "/")
{
    /// <summary>Larger files are cut: no file that collectors read comes near.</summary>
    const int BytesMax = 4 << 20;

    public string? ReadProc(string path) => Read(Path.Combine(procRoot, path));
    public string? ReadSys(string path) => Read(Path.Combine(sysRoot, path));
    public string? ReadRoot(string path) => Read(Path.Combine(root, path));

    /// <summary>Path of a file or folder of the machine under the configured root.</summary>
    public string PathOf(string absolutePath) => root == "/" ? absolutePath : Path.Combine(root, absolutePath.TrimStart('/'));

    /// <exception cref="CollectorException">The file cannot be read.</exception>
    public string RequireProc(string path) => ReadProc(path) ?? throw new CollectorException($"cannot read {Path.Combine(procRoot, path)}");

    /// <summary>A number in a file of its own, or null.</summary>
    public double? ReadSysNumber(string path) => Number(ReadSys(path));

    /// <inheritdoc cref="ReadSysNumber"/>
    public double? ReadProcNumber(string path) => Number(ReadProc(path));

    /// <summary>Names of the entries of a folder of sysfs, sorted; empty if there is no such folder.</summary>
    public IReadOnlyList<string> ListSys(string path)
    {
        try
        {
            var names = Directory.EnumerateFileSystemEntries(Path.Combine(sysRoot, path)).Select(static entry => Path.GetFileName(entry))
                .ToList();
            names.Sort(StringComparer.Ordinal);
            return names;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static double? Number(string? text)
    {
        if (text is null) return null;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.StartsWith("0x", StringComparison.Ordinal))
            return ulong.TryParse(trimmed[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits) ? bits : null;
        return double.TryParse(trimmed, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    static string? Read(string path)
    {
        try
        {
            // Kernel files claim a length of 0: they must be read to their end.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            var buffer = new byte[4096];
            int length = 0;
            while (true)
            {
                int read = file.Read(buffer, length, buffer.Length - length);
                if (read == 0 || length + read >= BytesMax) return System.Text.Encoding.UTF8.GetString(buffer, 0, length + read);
                length += read;
                if (length == buffer.Length) Array.Resize(ref buffer, length * 2);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return null;
        }
    }
}

/// <summary>A collector cannot give its metrics; the message says which file is at fault.</summary>
public sealed class CollectorException(string message) : Exception(message);
