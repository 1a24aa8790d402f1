using Microsoft.Extensions.Logging;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Files that the store no longer needs: deleted a while later, so that a plain copy of the folder, which takes the manifest and the files it names at
/// different moments, has what one of them needs. Bounded in bytes; above that the oldest go at once. After a restart the files are unknown here and
/// the start deletes them. Safe for concurrent use.
/// </summary>
sealed class ReplacedFiles(IFileSystem files, TimeSpan keep, TimeProvider clock, ILogger logger)
{
    const long BytesMax = 512 << 20;

    readonly Lock _lock = new();
    readonly Queue<(string Path, long At, long Bytes)> _files = new();      // guarded by the lock, as is what follows
    readonly HashSet<string> _known = new(StringComparer.Ordinal);
    long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Deletes a file later; nothing happens if it does not exist or is to be deleted already.</summary>
    public void Add(string path)
    {
        lock (_lock)
        {
            if (!files.FileExists(path) || !_known.Add(path)) return;
            long bytes = files.SizeOf(path);
            _files.Enqueue((path, clock.GetTimestamp(), bytes));
            _bytes += bytes;
            DeleteWhile(first => _bytes > BytesMax || keep == TimeSpan.Zero);
        }
    }

    /// <summary>Deletes what has been kept long enough.</summary>
    public void DeleteDue()
    {
        lock (_lock) DeleteWhile(first => clock.GetElapsedTime(first) >= keep);
    }

    /// <summary>Deletes all at once: the disk is full.</summary>
    public void DeleteAll()
    {
        lock (_lock) DeleteWhile(static _ => true);
    }

    /// <param name="isDue">Judges by the time at which a file was added.</param>
    void DeleteWhile(Func<long, bool> isDue)
    {
        while (_files.TryPeek(out var first) && isDue(first.At))
        {
            _files.Dequeue();
            _known.Remove(first.Path);
            _bytes -= first.Bytes;
            try
            {
                files.DeleteFile(first.Path);
            }
            catch (IOException problem)
            {
                logger.LogWorkFailed(problem, "deleting " + first.Path);        // the next start deletes it
            }
        }
    }
}
