using Vigie.Storage;

namespace Vigie.Metrics.Backup;

/// <summary>The file that a process which uses a store holds locked, so that a second one is refused. The kernel
/// lets go of it when the process ends.</summary>
static class StoreLock
{
    public const string FileName = "LOCK";

    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static IDisposable Take(IFileSystem files, string path) =>
        files.TryLock(Path.Combine(path, FileName)) ?? throw new StoreInUseException(path);
}

/// <summary>Another process uses the folder of a store.</summary>
public sealed class StoreInUseException(string path)
    : IOException($"{path} is in use by another process, which holds {Path.Combine(path, StoreLock.FileName)}: "
        + "stop that one first, or use another folder");
