using Vigie.Configuration;

namespace Vigie.Conformance.Tests.Configuration;

/// <summary>The files of a folder; relative paths begin there.</summary>
sealed class FolderFiles(string folder) : IConfigFiles
{
    public string? ReadText(string path) => File.Exists(PathOf(path)) ? File.ReadAllText(PathOf(path)) : null;
    public byte[]? ReadBytes(string path) => File.Exists(PathOf(path)) ? File.ReadAllBytes(PathOf(path)) : null;

    public IReadOnlyList<string> List(string path) =>
        Directory.Exists(PathOf(path)) ? [.. Directory.EnumerateFileSystemEntries(PathOf(path)).Select(static p => Path.GetFileName(p))]
            : [];

    string PathOf(string path) => Path.Combine(folder, path);
}
