using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Vigie.Instrumentation;

/// <summary>What the operating system says about this process, read at most once a second.</summary>
sealed partial class ProcessStatus(TimeProvider clock)
{
    const int OpenFilesResource = 7; // RLIMIT_NOFILE on Linux
    static readonly TimeSpan s_freshFor = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    readonly Process _process = Process.GetCurrentProcess(); // guarded by _lock
    long _readAt; // guarded by _lock
    bool _isRead; // guarded by _lock

    public long ResidentBytes => Read(process => process.WorkingSet64);

    public long VirtualBytes => Read(process => process.VirtualMemorySize64);

    public long Threads => Read(process => process.Threads.Count);

    public long OpenFiles => Read(process => process.HandleCount);

    public double StartTimeSeconds => Read(process => new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds()) / 1000.0;

    /// <summary>The soft limit on open files, or null where it cannot be asked for.</summary>
    public static long? OpenFilesMax
    {
        get
        {
            if (!OperatingSystem.IsLinux() || GetLimit(OpenFilesResource, out var limit) != 0) return null;
            return (long)Math.Min(limit.Soft, long.MaxValue);
        }
    }

    long Read(Func<Process, long> value)
    {
        lock (_lock)
        {
            if (!_isRead || clock.GetElapsedTime(_readAt) >= s_freshFor)
            {
                _process.Refresh();
                _readAt = clock.GetTimestamp();
                _isRead = true;
            }
            return value(_process);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out ResourceLimit limit);

    struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
