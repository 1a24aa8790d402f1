using System.Security.Cryptography;
using System.Text;
using Vigie.Configuration;

namespace Vigie.Server.Hosting;

/// <summary>Configuration files, and what was found in them: to tell later whether they would read otherwise. Not thread-safe.</summary>
public sealed class SeenFiles(IConfigFiles files) : IConfigFiles
{
    /// <summary>Digest by what was asked for ("text:PATH", "bytes:PATH", "list:FOLDER"), as it was found the last time; "" for what was not there.</summary>
    readonly SortedDictionary<string, string> _found = new(StringComparer.Ordinal);

    /// <summary>Of all that was found.</summary>
    public string Digest => DigestOf(string.Join('\n', _found.Select(static entry => $"{entry.Key} {entry.Value}")));

    public string? ReadText(string path)
    {
        string? text = files.ReadText(path);
        _found["text:" + path] = text is null ? "" : DigestOf(text);
        return text;
    }

    public byte[]? ReadBytes(string path)
    {
        byte[]? bytes = files.ReadBytes(path);
        _found["bytes:" + path] = bytes is null ? "" : DigestOf(bytes);
        return bytes;
    }

    public IReadOnlyList<string> List(string folder)
    {
        var names = files.List(folder);
        _found["list:" + folder] = DigestOf(string.Join('\n', names.Order(StringComparer.Ordinal)));
        return names;
    }

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

    static string DigestOf(string text) => DigestOf(Encoding.UTF8.GetBytes(text));

    static string DigestOf(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
}
