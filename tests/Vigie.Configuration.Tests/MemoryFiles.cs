using System.Text;

namespace Vigie.Configuration.Tests;

/// <summary>Configuration files in memory, by path.</summary>
sealed class MemoryFiles(params (string Path, string Text)[] files) : IConfigFiles
{
    readonly Dictionary<string, string> _files = files.ToDictionary(static f => f.Path, static f => f.Text, StringComparer.Ordinal);

    public void Write(string path, string text) => _files[path] = text;
    public string? ReadText(string path) => _files.GetValueOrDefault(path);
    public byte[]? ReadBytes(string path) => ReadText(path) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    public IReadOnlyList<string> List(string folder)
    {
        string prefix = folder is "." or "" ? "" : folder.TrimEnd('/') + "/";
        return [.. _files.Keys.Where(path => path.StartsWith(prefix, StringComparison.Ordinal)).Select(path =>
            path[prefix.Length..].Split('/')[0]).Distinct()];
    }
}
