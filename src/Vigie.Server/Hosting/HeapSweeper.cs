using Microsoft.Extensions.Logging;

namespace Vigie.Server.Hosting;

/// <summary>
/// Collects the whole managed heap now and then. The runtime lets old garbage lie, and keeps the room it leaves, until the machine is short of memory;
/// here it is the memory of others. Collections run in the background; when they leave much free room, one that compacts gives it back, which stops the
/// program for as long as it takes to move what is live (0.1 s for 100 MB), at most every <see cref="CompactionInterval"/>.
/// </summary>
sealed partial class HeapSweeper : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(20), CompactionInterval = TimeSpan.FromMinutes(2);

    /// <summary>Allocations after which a collection may be worth it, and free room after which a compaction may be.</summary>
    const long WorthwhileBytes = 32 << 20;

    /// <summary>A larger heap is not compacted: it would stop the program for too long.</summary>
    const long CompactedBytesMax = 1L << 30;

    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly ITimer _timer;
    long _allocatedAtLast;
    long? _compactedAt;

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
        bool isLoose = memory.FragmentedBytes >= WorthwhileBytes && memory.FragmentedBytes * 3 >= memory.TotalCommittedBytes;
        if (isLoose && memory.HeapSizeBytes <= CompactedBytesMax && (_compactedAt is not { } at || _clock.GetElapsedTime(at) >= CompactionInterval))
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _compactedAt = _clock.GetTimestamp();
            var after = GC.GetGCMemoryInfo(GCKind.FullBlocking);
            LogCompacted(memory.TotalCommittedBytes >> 20, after.TotalCommittedBytes >> 20, after.PauseDurations[0].TotalMilliseconds);
        }
        else if (GC.GetTotalAllocatedBytes() - _allocatedAtLast >= WorthwhileBytes)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
        }
        else
        {
            return;
        }
        _allocatedAtLast = GC.GetTotalAllocatedBytes();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Managed heap compacted: from {BeforeMiB} to {AfterMiB} MiB, stopping the program for {PauseMs:0} ms")]
    partial void LogCompacted(long beforeMiB, long afterMiB, double pauseMs);
}
