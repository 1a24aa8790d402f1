using System.Security.Cryptography;
using System.Text;
using Vigie.Configuration;

namespace Vigie.Server.Hosting;

/// <summary>Configuration files, and what was found in them: to tell later whether they would read otherwise. Not thread-safe.</summary>
public sealed class SeenFiles(IConfigFiles files) : IConfigFiles
{
    /// <summary>Digest by what was asked for ("text:PATH", "bytes:PATH", "list:FOLDER"), as it was found the last time.</summary>
    readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);

    /// <summary>Of all that was found.</summary>
    public string Digest => DigestOf(string.Join('\n', _found.Select(static entry => $"{entry.Key} {entry.Value}")));

    public string? ReadText(string path) => Remember("text:" + path, files.ReadText(path), static text => text);

    public byte[]? ReadBytes(string path) => Remember("bytes:" + path, files.ReadBytes(path), static bytes => bytes is null ? null : Convert.ToBase64String(bytes));

    public IReadOnlyList<string> List(string folder) => Remember("list:" + folder, files.List(folder), static names => string.Join('\n', names.Order()));

    /// <summary>What the <see cref="Digest"/> would be if everything were read again now. A file that cannot be read counts as one that is not there.</summary>
    public string DigestNow()
    {
        var now = new SeenFiles(files);
        foreach (string key in _found.Keys)
        {
            int end = key.IndexOf(':', StringComparison.Ordinal);
            string path = key[(end + 1)..];
            try
            {
                _ = key[..end] switch
                {
                    "text" => now.ReadText(path),
                    "bytes" => now.ReadBytes(path),
                    _ => (object)now.List(path),
                };
            }
            catch (IOException)
            {
                now._found[key] = "";
            }
        }
        return now.Digest;
    }

    T Remember<T>(string key, T found, Func<T, string?> textOf)
    {
        _found[key] = textOf(found) is { } text ? DigestOf(text) : "";
        return found;
    }

    static string DigestOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
