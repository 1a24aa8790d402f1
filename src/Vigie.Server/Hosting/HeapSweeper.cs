using Microsoft.Extensions.Logging;

namespace Vigie.Server.Hosting;

/// <summary>
/// Collects the whole managed heap now and then. The runtime lets old garbage lie, and keeps the room it leaves, until the machine is short of memory;
/// here it is the memory of others. Collections run in the background; when they leave much free room, one that compacts gives it back. That one
/// stops the program for as long as it takes to move what is live (30 ms for 35 MB), so it comes the more seldom the longer it takes.
/// </summary>
sealed partial class HeapSweeper : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    /// <summary>Of the time, at most 1/1000 is spent in compactions.</summary>
    const int TimeShare = 1000;

    /// <summary>Allocations after which a collection may be worth it, and free room after which a compaction may be.</summary>
    const long WorthwhileBytes = 16 << 20;

    /// <summary>Free room, and allocations, that are worthwhile are also this part of the heap.</summary>
    const int WorthwhilePart = 4;

    /// <summary>A larger heap is not compacted: it would stop the program for too long.</summary>
    const long CompactedBytesMax = 1L << 30;

    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly ITimer _timer;
    long _allocatedAtLast;
    TimeSpan _compactableIn;
    long _compactedAt;

    public HeapSweeper(TimeProvider clock, ILogger<HeapSweeper> logger)
    {
        (_clock, _logger) = (clock, logger);
        _timer = clock.CreateTimer(_ => Sweep(), null, Interval, Interval);
    }

    public void Dispose() => _timer.Dispose();

    void Sweep()
    {
        var memory = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        var latest = GC.GetGCMemoryInfo(GCKind.Background);
        if (latest.Index > memory.Index) memory = latest;
        long worthwhile = Math.Max(WorthwhileBytes, memory.TotalCommittedBytes / WorthwhilePart);
        bool mayCompact = memory.HeapSizeBytes <= CompactedBytesMax && _clock.GetElapsedTime(_compactedAt) >= _compactableIn;
        if (memory.FragmentedBytes >= worthwhile && mayCompact) Compact(memory.TotalCommittedBytes);
        else if (GC.GetTotalAllocatedBytes() - _allocatedAtLast >= worthwhile) GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        else return;
        _allocatedAtLast = GC.GetTotalAllocatedBytes();
    }

    void Compact(long bytesBefore)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var after = GC.GetGCMemoryInfo(GCKind.FullBlocking);
        _compactedAt = _clock.GetTimestamp();
        _compactableIn = after.PauseDurations[0] * TimeShare;
        LogCompacted(bytesBefore >> 20, after.TotalCommittedBytes >> 20, after.PauseDurations[0].TotalMilliseconds);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Managed heap compacted: from {BeforeMiB} to {AfterMiB} MiB, stopping the program for {PauseMs:0} ms")]
    partial void LogCompacted(long beforeMiB, long afterMiB, double pauseMs);
}
