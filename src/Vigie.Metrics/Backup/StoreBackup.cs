using Vigie.Storage;

namespace Vigie.Metrics.Backup;

/// <summary>What a copy took.</summary>
public sealed record BackupResult(int Copied, int Present, long Bytes);

/// <summary>
/// Copies a snapshot of a store (<see cref="MetricStore.Snapshot"/>) to another place, and back. Blocks never change: those the target has already are not
/// copied again. The manifest is written last, so a copy that was interrupted is the copy before it.
/// </summary>
public sealed class StoreBackup(IFileSystem files, Action<string, double> progress)
{
    const int BufferBytes = 1 << 20;

    /// <summary>Makes <paramref name="target"/> a copy of the snapshot; what it had of earlier ones and the snapshot has not is deleted.</summary>
    /// <exception cref="IOException">The disk refused; the copy can be repeated.</exception>
    /// <exception cref="InvalidDataException">There is no snapshot.</exception>
    public BackupResult Copy(string snapshot, string target, CancellationToken cancellation)
    {
        if (!files.FileExists(Path.Combine(snapshot, Manifest.FileName)))
            throw new InvalidDataException($"{snapshot}: found no {Manifest.FileName}, expected a snapshot or a backup of a store");
        files.CreateDirectory(target);
        var wanted = FilesIn(snapshot, "").ToList();
        int copied = 0, present = 0;
        long bytes = 0;
        for (int i = 0; i < wanted.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            progress(wanted[i], (double)i / wanted.Count);
            if (wanted[i] == Manifest.FileName) continue;
            string from = Path.Combine(snapshot, wanted[i]), to = Path.Combine(target, wanted[i]);
            // Only blocks are known to have the same bytes under the same name.
            if (wanted[i].EndsWith(".block", StringComparison.Ordinal) && files.FileExists(to)
                && files.SizeOf(to) == files.SizeOf(from) && SameEnd(from, to))
            {
                present++;
                continue;
            }
            files.CreateDirectory(Path.GetDirectoryName(to)!);
            bytes += CopyFile(from, to);
            copied++;
        }
        files.WriteAtomic(Path.Combine(target, Manifest.FileName), files.ReadAll(Path.Combine(snapshot, Manifest.FileName)));
        foreach (string surplus in FilesIn(target, "").Except(wanted)) files.DeleteFile(Path.Combine(target, surplus));
        progress("done", 1);
        return new BackupResult(copied, present, bytes);
    }

    /// <summary>Copies a backup into a folder that is empty or not there.</summary>
    /// <exception cref="InvalidDataException">The folder is not empty, or there is no backup.</exception>
    public BackupResult Restore(string backup, string target, CancellationToken cancellation)
    {
        if (files.ListFiles(target).Count + files.ListDirectories(target).Count > 0)
            throw new InvalidDataException($"{target} is not empty: restore into a new folder, then let the server use that");
        return Copy(backup, target, cancellation);
    }

    IEnumerable<string> FilesIn(string root, string folder)
    {
        string directory = Path.Combine(root, folder);
        foreach (string name in files.ListFiles(directory))
            if (name != StoreLock.FileName) yield return Path.Combine(folder, name);
        foreach (string name in files.ListDirectories(directory))
            foreach (string file in FilesIn(root, Path.Combine(folder, name))) yield return file;
    }

    /// <summary>The last bytes of a block are checksums of all before them.</summary>
    bool SameEnd(string left, string right)
    {
        using var a = files.OpenRead(left);
        using var b = files.OpenRead(right);
        Span<byte> ends = stackalloc byte[2 * BlockFormat.FooterBytes];
        long offset = Math.Max(0, a.Length - BlockFormat.FooterBytes);
        int read = a.ReadAt(offset, ends[..BlockFormat.FooterBytes]);
        return read == b.ReadAt(offset, ends[BlockFormat.FooterBytes..])
            && ends[..read].SequenceEqual(ends.Slice(BlockFormat.FooterBytes, read));
    }

    long CopyFile(string from, string to)
    {
        string aside = to + DurableWrites.UnfinishedSuffix;
        var buffer = new byte[BufferBytes];
        long at = 0;
        using (var source = files.OpenRead(from))
        using (var output = files.Create(aside))
        {
            for (int read; (read = source.ReadAt(at, buffer)) > 0; at += read) output.Append(buffer.AsSpan(0, read));
            output.Sync();
        }
        files.RenameSynced(aside, to);
        return at;
    }
}
