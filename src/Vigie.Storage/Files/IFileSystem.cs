namespace Vigie.Storage;

/// <summary>
/// The only door to the disk. Paths use the platform's separator. Failures are <see cref="IOException"/>; a full disk can be told apart
/// with <see cref="DiskFull.Is"/>. Safe for concurrent use; the files it opens are not, unless they say so.
/// </summary>
/// <remarks>
/// What survives: data <em>written</em> survives the death of the process; data <em>synced</em> (<see cref="IAppendFile.Sync"/>) also a
/// power cut. A new, renamed or deleted name survives a power cut only after <see cref="SyncDirectory"/> of its directory.
/// <see cref="DurableWrites"/> has the combinations that stores use.
/// </remarks>
public interface IFileSystem
{
    bool FileExists(string path);
    bool DirectoryExists(string path);

    /// <summary>Creates a directory and its parents; nothing happens if it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Names (not paths) of the files in a directory, in ordinal order; empty if the directory does not exist.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Names (not paths) of the directories in a directory, in ordinal order; empty if the directory does not exist.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Bytes in a file.</summary>
    long SizeOf(string path);

    /// <summary>Opens an empty file to append to; what it held is gone.</summary>
    IAppendFile Create(string path);

    /// <summary>Opens a file to append to, created if it does not exist.</summary>
    IAppendFile OpenAppend(string path);

    IReadFile OpenRead(string path);

    /// <summary>Maps a whole file into memory, read only. The file may be deleted meanwhile; it must not be shortened.</summary>
    IMappedFile Map(string path);

    /// <summary>Gives a file another name, in one step: after a crash either the old or the new state is there. Replaces the target.</summary>
    void Rename(string from, string to);

    /// <summary>A second name for the same bytes (hard link).</summary>
    void Link(string existing, string link);

    /// <summary>Nothing happens if the file does not exist.</summary>
    void DeleteFile(string path);

    /// <summary>Deletes a directory and all in it; nothing happens if it does not exist.</summary>
    void DeleteDirectory(string path);

    /// <summary>
    /// Holds a file, created if needed, locked against other holders until it is disposed or the process ends; null if another has it. A file
    /// system that only one process can use need not do anything.
    /// </summary>
    IDisposable? TryLock(string path) => new NoLock();

    /// <summary>Makes the names in a directory (created, renamed, deleted) survive a power cut.</summary>
    void SyncDirectory(string path);

    /// <summary>Bytes that can still be written to the file system that holds <paramref name="path"/>; null if it cannot be told.</summary>
    long? FreeBytes(string path);
}

/// <summary>A file that only grows. One writer at a time; <see cref="Sync"/> may run beside a write.</summary>
public interface IAppendFile : IDisposable
{
    long Length { get; }

    /// <summary>
    /// Hands bytes to the operating system: they survive the death of the process, not a power cut. When it throws, any part of the
    /// bytes may be in the file; <see cref="Truncate"/> removes them.
    /// </summary>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>When it returns, everything appended before the call survives a power cut.</summary>
    void Sync();

    /// <summary>Cuts the file to <paramref name="length"/> bytes, not more than it has.</summary>
    void Truncate(long length);
}

/// <summary>A file read at positions; safe for concurrent use.</summary>
public interface IReadFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads until <paramref name="destination"/> is full or the file ends.</summary>
    /// <returns>Bytes read.</returns>
    int ReadAt(long offset, Span<byte> destination);
}

/// <summary>A file mapped into memory; safe for concurrent use. Its bytes must not be touched after <see cref="IDisposable.Dispose"/>.</summary>
public interface IMappedFile : IDisposable
{
    long Length { get; }

    /// <exception cref="ArgumentOutOfRangeException">The part does not lie within the file.</exception>
    ReadOnlySpan<byte> Slice(long offset, int length);

    /// <summary>What was read so far need not stay in the memory of the process: what is read again comes from the file again.</summary>
    void ReleasePages();
}

/// <summary>A lock nobody else can want.</summary>
sealed class NoLock : IDisposable
{
    public void Dispose()
    {
        // Nothing is held.
    }
}
