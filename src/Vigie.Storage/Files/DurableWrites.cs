namespace Vigie.Storage;

/// <summary>
/// Whole-file writes. <em>Synced</em>: on return the bytes survive a power cut, but a crash on the way may leave a part of the file.
/// <em>Atomic</em>: a crash at any moment leaves the old file or the new one, whole, never a mixture.
/// </summary>
public static class DurableWrites
{
    /// <summary>Ending of files that are being written aside. What a start finds with it is half-done work and may be deleted.</summary>
    public const string UnfinishedSuffix = ".tmp";

    /// <summary>Bytes survive a power cut on return; a crash before that leaves any part of them under this name.</summary>
    public static void WriteSynced(this IFileSystem files, string path, ReadOnlySpan<byte> bytes)
    {
        using (var file = files.Create(path))
        {
            file.Append(bytes);
            file.Sync();
        }
        files.SyncDirectory(DirectoryOf(path));
    }

    /// <summary>A crash at any moment leaves the old bytes or the new ones; on return the new ones survive a power cut.</summary>
    public static void WriteAtomic(this IFileSystem files, string path, ReadOnlySpan<byte> bytes)
    {
        string aside = path + UnfinishedSuffix;
        using (var file = files.Create(aside))
        {
            file.Append(bytes);
            file.Sync();
        }
        files.RenameSynced(aside, path);
    }

    /// <summary>Renames a file whose bytes are synced already; on return the new name survives a power cut.</summary>
    public static void RenameSynced(this IFileSystem files, string from, string to)
    {
        files.Rename(from, to);
        files.SyncDirectory(DirectoryOf(to));
    }

    public static byte[] ReadAll(this IFileSystem files, string path)
    {
        using var file = files.OpenRead(path);
        var bytes = new byte[checked((int)file.Length)];
        int read = file.ReadAt(0, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    /// <summary>Deletes what an interrupted write left behind in a directory.</summary>
    /// <returns>Number of files deleted.</returns>
    public static int DeleteUnfinished(this IFileSystem files, string directory)
    {
        int deleted = 0;
        foreach (string name in files.ListFiles(directory))
        {
            if (!name.EndsWith(UnfinishedSuffix, StringComparison.Ordinal)) continue;
            files.DeleteFile(Path.Combine(directory, name));
            deleted++;
        }
        return deleted;
    }

    static string DirectoryOf(string path) => Path.GetDirectoryName(path) is { Length: > 0 } directory ? directory : ".";
}
