using Vigie.Storage;

namespace Vigie.Testing;

/// <summary>What a disk does when it fails; see <see cref="CrashableFileSystem.FailNext"/>.</summary>
public enum DiskFault
{
    /// <summary>EIO: nothing of the operation happens.</summary>
    Error,
    /// <summary>ENOSPC after a part of the bytes was written.</summary>
    Full,
    /// <summary>EIO after a part of the bytes was written.</summary>
    ShortWrite,
}

/// <summary>
/// A disk in memory that can lose power, run full and fail, the same way again for the same seed. Bytes and names that were synced
/// survive <see cref="AfterPowerCut"/>; of the others a chosen share does. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The model of names is POSIX': a created, renamed or deleted name is certain only after its directory was synced; until then a power
/// cut brings back the old state of the name or keeps the new one, each name by itself.
/// </remarks>
public sealed class CrashableFileSystem : IFileSystem
{
    readonly Lock _lock = new();
    readonly SeededRandom _random;
    readonly Dictionary<string, SimulatedFile> _files = new(StringComparer.Ordinal);
    readonly Dictionary<string, SimulatedFile> _syncedNames = new(StringComparer.Ordinal);
    readonly HashSet<string> _directories = new(StringComparer.Ordinal) { "" };
    DiskFault? _nextFault;
    Func<string, bool>? _faultFilter;
    int _operationsUntilFault;
    bool _dead;

    public CrashableFileSystem(ulong seed) => _random = new SeededRandom(seed);

    /// <summary>Bytes the disk holds; above it writes fail with a part written. Null for no limit.</summary>
    public long? Capacity { get; set; }

    /// <summary>Writes and syncs done so far.</summary>
    public long Operations { get; private set; }

    public long UsedBytes
    {
        get
        {
            lock (_lock) return _files.Values.Distinct().Sum(file => (long)file.Length);
        }
    }

    /// <summary>Lets one write or sync fail, the <paramref name="after"/>-th from now on paths the filter accepts.</summary>
    public void FailNext(DiskFault fault, int after = 0, Func<string, bool>? filter = null)
    {
        lock (_lock) (_nextFault, _operationsUntilFault, _faultFilter) = (fault, after, filter);
    }

    /// <summary>
    /// The machine stops after that many more writes and syncs: the next one is done in part at most, all later ones fail.
    /// </summary>
    public int? DiesAfter { get; set; }

    /// <summary>
    /// The disk as a new start finds it after the process was killed: all that was written is there. The old instance refuses to work on.
    /// </summary>
    public CrashableFileSystem AfterKill()
    {
        lock (_lock)
        {
            _dead = true;
            var next = new CrashableFileSystem(_random.NextUInt64());
            var copies = new Dictionary<SimulatedFile, SimulatedFile>();
            foreach (string directory in _directories) next._directories.Add(directory);
            foreach (var (path, file) in _files) next._files[path] = CopyOf(file, copies, f => f.Copy());
            foreach (var (path, file) in _syncedNames) next._syncedNames[path] = CopyOf(file, copies, f => f.Copy());
            return next;
        }
    }

    /// <summary>The disk as a new start finds it after the power failed: what was not synced survives only in part.</summary>
    /// <param name="unsyncedSurvivesPercent">Chance for each unsynced name, and share of unsynced bytes at the end of each file.</param>
    public CrashableFileSystem AfterPowerCut(int unsyncedSurvivesPercent)
    {
        lock (_lock)
        {
            _dead = true;
            var next = new CrashableFileSystem(_random.NextUInt64());
            var copies = new Dictionary<SimulatedFile, SimulatedFile>();
            foreach (string directory in _directories) next._directories.Add(directory);
            foreach (string path in _files.Keys.Union(_syncedNames.Keys).Order(StringComparer.Ordinal))
            {
                bool keepsNew = _random.Chance(unsyncedSurvivesPercent);
                var names = keepsNew ? _files : _syncedNames;
                if (!names.TryGetValue(path, out var file)) continue;
                var copy = CopyOf(file, copies, f => f.AfterPowerCut(_random, unsyncedSurvivesPercent));
                next._files[path] = copy;
                next._syncedNames[path] = copy;
            }
            return next;
        }
    }

    /// <summary>Flips one random bit of a file.</summary>
    /// <returns>The offset of the byte that changed.</returns>
    public int FlipBit(string path)
    {
        lock (_lock)
        {
            var file = Existing(path);
            int at = _random.Next(file.Length);
            file.Bytes[at] ^= (byte)(1 << _random.Next(8));
            return at;
        }
    }

    /// <summary>Overwrites one byte of a file.</summary>
    public void Poke(string path, int offset, byte value)
    {
        lock (_lock) Existing(path).Bytes[offset] = value;
    }

    /// <summary>Cuts a file short, as if its tail had been lost.</summary>
    public void Cut(string path, int length)
    {
        lock (_lock) Existing(path).Truncate(length);
    }

    public bool FileExists(string path)
    {
        lock (_lock) return _files.ContainsKey(Normal(path));
    }

    public bool DirectoryExists(string path)
    {
        lock (_lock) return _directories.Contains(Normal(path));
    }

    public void CreateDirectory(string path)
    {
        lock (_lock)
        {
            ThrowIfDead();
            for (string? at = Normal(path); !string.IsNullOrEmpty(at); at = ParentOf(at)) _directories.Add(at);
        }
    }

    public IReadOnlyList<string> ListFiles(string directory)
    {
        lock (_lock) return NamesIn(Normal(directory), _files.Keys);
    }

    public IReadOnlyList<string> ListDirectories(string directory)
    {
        lock (_lock) return NamesIn(Normal(directory), _directories.Where(d => d.Length > 0));
    }

    public long SizeOf(string path)
    {
        lock (_lock) return Existing(path).Length;
    }

    public IAppendFile Create(string path) => Open(path, empty: true);

    public IAppendFile OpenAppend(string path) => Open(path, empty: false);

    public IReadFile OpenRead(string path)
    {
        lock (_lock) return new Reader(this, Existing(path));
    }

    public IMappedFile Map(string path)
    {
        lock (_lock) return new Mapping(Existing(path).Bytes.AsSpan(0, Existing(path).Length).ToArray());
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            ThrowIfDead();
            var file = Existing(from);
            RequireDirectoryOf(to);
            _files.Remove(Normal(from));
            _files[Normal(to)] = file;
        }
    }

    public void Link(string existing, string link)
    {
        lock (_lock)
        {
            ThrowIfDead();
            RequireDirectoryOf(link);
            _files[Normal(link)] = Existing(existing);
        }
    }

    public void DeleteFile(string path)
    {
        lock (_lock)
        {
            ThrowIfDead();
            _files.Remove(Normal(path));
        }
    }

    public void DeleteDirectory(string path)
    {
        lock (_lock)
        {
            ThrowIfDead();
            string prefix = Normal(path) + "/";
            foreach (string name in _files.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToArray()) _files.Remove(name);
            _directories.RemoveWhere(d => d == Normal(path) || d.StartsWith(prefix, StringComparison.Ordinal));
        }
    }

    public void SyncDirectory(string path)
    {
        lock (_lock)
        {
            ThrowIfDead();
            if (!_directories.Contains(Normal(path))) throw new DirectoryNotFoundException(path);
            TakeFault(path, out var fault);
            if (fault is not null) throw Failure(path);
            foreach (string name in _syncedNames.Keys.Where(k => ParentOf(k) == Normal(path)).ToArray()) _syncedNames.Remove(name);
            foreach (var (name, file) in _files)
                if (ParentOf(name) == Normal(path)) _syncedNames[name] = file;
        }
    }

    public long? FreeBytes(string path) => Capacity - UsedBytes;

    Appender Open(string path, bool empty)
    {
        lock (_lock)
        {
            ThrowIfDead();
            RequireDirectoryOf(path);
            string name = Normal(path);
            if (!_files.TryGetValue(name, out var file)) _files[name] = file = new SimulatedFile();
            else if (empty) file.Truncate(0);
            return new Appender(this, file, path);
        }
    }

    SimulatedFile Existing(string path) =>
        _files.TryGetValue(Normal(path), out var file) ? file : throw new FileNotFoundException($"no file '{path}'", path);

    void RequireDirectoryOf(string path)
    {
        if (!_directories.Contains(ParentOf(Normal(path)))) throw new DirectoryNotFoundException($"no directory for '{path}'");
    }

    void ThrowIfDead()
    {
        if (_dead) throw new IOException("the machine is off");
    }

    /// <summary>Counts an operation; throws if it fails as a whole, returns a fault that lets a part through.</summary>
    void TakeFault(string path, out DiskFault? partial)
    {
        ThrowIfDead();
        Operations++;
        partial = null;
        if (DiesAfter is { } left)
        {
            if (left <= 0)
            {
                _dead = true;
                partial = DiskFault.ShortWrite;
                return;
            }
            DiesAfter = left - 1;
        }
        if (_nextFault is not { } fault || !(_faultFilter?.Invoke(path) ?? true) || _operationsUntilFault-- > 0) return;
        _nextFault = null;
        if (fault == DiskFault.Error) throw Failure(path);
        partial = fault;
    }

    static IOException Failure(string path) => new($"input/output error: '{path}'", 5);

    static SimulatedFile CopyOf(
        SimulatedFile file, Dictionary<SimulatedFile, SimulatedFile> copies, Func<SimulatedFile, SimulatedFile> copy)
    {
        if (!copies.TryGetValue(file, out var made)) copies[file] = made = copy(file);
        return made;
    }

    static string Normal(string path) => path.Replace('\\', '/').Trim('/');

    static string ParentOf(string normalPath) => normalPath.LastIndexOf('/') is var at and >= 0 ? normalPath[..at] : "";

    static string[] NamesIn(string directory, IEnumerable<string> paths) =>
        [.. paths.Where(p => ParentOf(p) == directory).Select(p => p[(p.LastIndexOf('/') + 1)..]).Order(StringComparer.Ordinal)];

    sealed class SimulatedFile
    {
        public byte[] Bytes = [];
        public int Length;
        public int Synced;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            if (Bytes.Length - Length < bytes.Length) Array.Resize(ref Bytes, Math.Max(Length + bytes.Length, Bytes.Length * 2));
            bytes.CopyTo(Bytes.AsSpan(Length));
            Length += bytes.Length;
        }

        public void Truncate(int length)
        {
            Length = Math.Min(Length, length);
            Synced = Math.Min(Synced, Length);
        }

        public SimulatedFile Copy() => new() { Bytes = Bytes[..Length], Length = Length, Synced = Synced };

        /// <summary>Of the bytes behind the synced ones a prefix survives, and its last part may be zeros (blocks never written).</summary>
        public SimulatedFile AfterPowerCut(SeededRandom random, int survivesPercent)
        {
            int unsynced = Length - Synced;
            int kept = Synced + (survivesPercent >= 100 ? unsynced : random.Next((unsynced * survivesPercent / 100) + 1));
            var copy = new SimulatedFile { Bytes = Bytes[..kept], Length = kept, Synced = kept };
            if (kept > Synced && random.Chance(30)) copy.Bytes.AsSpan(random.Next(Synced, kept)).Clear();
            return copy;
        }
    }

    sealed class Appender(CrashableFileSystem disk, SimulatedFile file, string path) : IAppendFile
    {
        public long Length
        {
            get
            {
                lock (disk._lock) return file.Length;
            }
        }

        public void Append(ReadOnlySpan<byte> bytes)
        {
            lock (disk._lock)
            {
                disk.TakeFault(path, out var fault);
                int fits = bytes.Length;
                if (disk.Capacity is { } capacity) fits = (int)Math.Clamp(capacity - disk.UsedBytes, 0, bytes.Length);
                if (fault is not null) fits = Math.Min(fits, disk._random.Next(bytes.Length));
                file.Append(bytes[..fits]);
                if (fault == DiskFault.ShortWrite) throw Failure(path);
                if (fits < bytes.Length) throw DiskFull.Create(path);
            }
        }

        public void Sync()
        {
            lock (disk._lock)
            {
                disk.TakeFault(path, out var fault);
                if (fault is not null) throw Failure(path);
                file.Synced = file.Length;
            }
        }

        public void Truncate(long length)
        {
            lock (disk._lock)
            {
                disk.ThrowIfDead();
                file.Truncate((int)length);
            }
        }

        public void Dispose()
        {
        }
    }

    sealed class Reader(CrashableFileSystem disk, SimulatedFile file) : IReadFile
    {
        public long Length
        {
            get
            {
                lock (disk._lock) return file.Length;
            }
        }

        public int ReadAt(long offset, Span<byte> destination)
        {
            lock (disk._lock)
            {
                int count = (int)Math.Clamp(file.Length - offset, 0, destination.Length);
                file.Bytes.AsSpan((int)Math.Min(offset, file.Length), count).CopyTo(destination);
                return count;
            }
        }

        public void Dispose()
        {
        }
    }

    /// <summary>A copy in native memory; reading it after Dispose throws, where a real mapping would end the process.</summary>
    sealed unsafe class Mapping : IMappedFile
    {
        byte* _start;

        public Mapping(byte[] bytes)
        {
            Length = bytes.Length;
            _start = (byte*)System.Runtime.InteropServices.NativeMemory.Alloc((nuint)Math.Max(1, bytes.Length));
            bytes.CopyTo(new Span<byte>(_start, bytes.Length));
        }

        public long Length { get; }

        public ReadOnlySpan<byte> Slice(long offset, int length)
        {
            ObjectDisposedException.ThrowIf(_start == null, this);
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            if ((ulong)offset > (ulong)Length || length > Length - offset) throw new ArgumentOutOfRangeException(nameof(offset));
            return new ReadOnlySpan<byte>(_start + offset, length);
        }

        public void ReleasePages() => ObjectDisposedException.ThrowIf(_start == null, this);

        public void Dispose()
        {
            System.Runtime.InteropServices.NativeMemory.Free(_start);
            _start = null;
        }
    }
}
