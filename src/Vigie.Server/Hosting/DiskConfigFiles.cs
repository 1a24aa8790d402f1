using System.Text;
using Vigie.Configuration;

namespace Vigie.Server.Hosting;

/// <summary>Configuration files on the disk. A file larger than <see cref="BytesMax"/> is refused.</summary>
public sealed class DiskConfigFiles : IConfigFiles
{
    const long BytesMax = 32 << 20;

    public string? ReadText(string path) => ReadBytes(path) is { } bytes ? new UTF8Encoding(false).GetString(bytes) : null;

    public byte[]? ReadBytes(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists) return null;
        if (file.Length > BytesMax) throw new IOException($"{path}: found {file.Length} bytes, expected at most {BytesMax}");
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException problem)
        {
            throw new IOException($"{path}: {problem.Message}", problem);
        }
    }

    public IReadOnlyList<string> List(string folder)
    {
        string path = folder.Length == 0 ? "." : folder;
        if (!Directory.Exists(path)) return [];
        return [.. Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
    }
}
