using Vigie.Dashboards;
using Vigie.Storage;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>Users in one file, replaced atomically: a crash leaves the old state or the new one.</summary>
public sealed class FileUserState(IFileSystem files, string path) : IUserState
{
    public byte[]? Load() => files.FileExists(path) ? files.ReadAll(path) : null;

    public void Save(ReadOnlySpan<byte> utf8)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) files.CreateDirectory(folder);
        files.WriteAtomic(path, utf8);
    }
}
