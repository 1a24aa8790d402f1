using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Vigie.Storage;

/// <summary>The machine's own file system.</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    public static PhysicalFileSystem Instance { get; } = new();

    public bool FileExists(string path) => File.Exists(path);

    public bool DirectoryExists(string path) => Directory.Exists(path);

    public void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public IReadOnlyList<string> ListFiles(string directory) => Names(directory, static d => Directory.EnumerateFiles(d));

    public IReadOnlyList<string> ListDirectories(string directory) => Names(directory, static d => Directory.EnumerateDirectories(d));

    public long SizeOf(string path) => new FileInfo(path).Length;

    public IAppendFile Create(string path) => new AppendFile(path, FileMode.Create);

    public IAppendFile OpenAppend(string path) => new AppendFile(path, FileMode.OpenOrCreate);

    public IReadFile OpenRead(string path) => new ReadFile(path);

    public IMappedFile Map(string path) => new MappedFile(path);

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Link(string existing, string link) => PosixCalls.Link(existing, link);

    public void DeleteFile(string path)
    {
        if (File.Exists(path)) File.Delete(path);
    }

    public void DeleteDirectory(string path)
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    public IDisposable? TryLock(string path)
    {
        try
        {
            // Without sharing, .NET takes flock(2) on the file.
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public void SyncDirectory(string path) => PosixCalls.SyncDirectory(path);

    public long? FreeBytes(string path)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    static string[] Names(string directory, Func<string, IEnumerable<string>> list)
    {
        if (!Directory.Exists(directory)) return [];
        var names = list(directory).Select(path => Path.GetFileName(path)!).ToArray();
        Array.Sort(names, StringComparer.Ordinal);
        return names;
    }

    sealed class AppendFile : IAppendFile
    {
        readonly SafeFileHandle _handle;

        public AppendFile(string path, FileMode mode)
        {
            _handle = File.OpenHandle(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            Length = RandomAccess.GetLength(_handle);
        }

        public long Length { get; private set; }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(_handle, bytes, Length);
            Length += bytes.Length;
        }

        public void Sync() => RandomAccess.FlushToDisk(_handle);

        public void Truncate(long length)
        {
            RandomAccess.SetLength(_handle, length);
            Length = length;
        }

        public void Dispose() => _handle.Dispose();
    }

    sealed class ReadFile(string path) : IReadFile
    {
        readonly SafeFileHandle _handle =
            File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.RandomAccess);

        public long Length => RandomAccess.GetLength(_handle);

        public int ReadAt(long offset, Span<byte> destination)
        {
            int done = 0;
            while (done < destination.Length)
            {
                int read = RandomAccess.Read(_handle, destination[done..], offset + done);
                if (read == 0) break;
                done += read;
            }
            return done;
        }

        public void Dispose() => _handle.Dispose();
    }

    sealed unsafe class MappedFile : IMappedFile
    {
        readonly MemoryMappedFile? _map;
        readonly MemoryMappedViewAccessor? _view;
        readonly byte* _start;

        public MappedFile(string path)
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Length = stream.Length;
            if (Length == 0) return;    // an empty file cannot be mapped
            _map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
            _start += _view.PointerOffset;
        }

        public long Length { get; }

        public ReadOnlySpan<byte> Slice(long offset, int length)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            if ((ulong)offset > (ulong)Length || length > Length - offset) throw new ArgumentOutOfRangeException(nameof(offset));
            return new ReadOnlySpan<byte>(_start + offset, length);
        }

        public void ReleasePages()
        {
            if (_view is { PointerOffset: 0 }) PosixCalls.ReleasePages(_start, (nuint)Length);
        }

        public void Dispose()
        {
            if (_view is null) return;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map!.Dispose();
        }
    }
}
