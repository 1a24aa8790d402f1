namespace Vigie.Storage;

/// <summary>
/// Appends records to one log segment. What <see cref="Write"/> returned for survives the death of the process; what was written before
/// <see cref="Sync"/> began survives a power cut once it returns. One writer; <see cref="Sync"/> may run beside it.
/// </summary>
public sealed class LogSegmentWriter : IDisposable
{
    readonly IAppendFile _file;
    long _syncedLength;

    LogSegmentWriter(IAppendFile file, string path, ulong number)
    {
        _file = file;
        Path = path;
        Number = number;
    }

    public string Path { get; }
    public ulong Number { get; }
    public long Length => _file.Length;

    /// <summary>A write failed and could not be taken back: the tail of the segment may be torn, nothing may be written behind it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Creates the segment; its name survives a power cut on return.</summary>
    public static LogSegmentWriter Create(IFileSystem files, string path, byte kind, ulong number)
    {
        var file = files.Create(path);
        try
        {
            Span<byte> header = stackalloc byte[SegmentHeader.Size];
            new SegmentHeader(SegmentHeader.CurrentVersion, OldestReader: 1, kind, number).WriteTo(header);
            file.Append(header);
            file.Sync();
            files.SyncDirectory(System.IO.Path.GetDirectoryName(path)!);
            return new LogSegmentWriter(file, path, number) { _syncedLength = SegmentHeader.Size };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes the collected records in one call to the operating system. If it throws, none of them is in the log.</summary>
    /// <exception cref="IOException">The disk is full or failing.</exception>
    public void Write(LogRecords records)
    {
        if (IsBroken) throw new IOException($"log segment '{Path}' is broken by an earlier failed write");
        long before = _file.Length;
        try
        {
            _file.Append(records.Written);
        }
        catch (IOException)
        {
            TakeBack(before);
            throw;
        }
    }

    /// <summary>Syncs if anything was written since the last time.</summary>
    /// <returns>False if there was nothing to do.</returns>
    public bool Sync()
    {
        long length = Length;
        if (length == Volatile.Read(ref _syncedLength)) return false;
        _file.Sync();
        Volatile.Write(ref _syncedLength, length);
        return true;
    }

    public void Dispose() => _file.Dispose();

    void TakeBack(long length)
    {
        try
        {
            _file.Truncate(length);
        }
        catch (IOException)
        {
            IsBroken = true;        // a reader finds the torn record by its checksum
        }
    }
}
