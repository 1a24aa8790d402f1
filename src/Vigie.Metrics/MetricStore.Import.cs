using Vigie.Model;

namespace Vigie.Metrics;

/// <content>Blocks from elsewhere.</content>
public sealed partial class MetricStore
{
    /// <summary>Newest sample in memory or on disk, Unix milliseconds; <see cref="long.MinValue"/> if there is none.</summary>
    public long NewestMs
    {
        get
        {
            lock (_appendLock) return _newestMs;
        }
    }

    /// <summary>The blocks, in the order of the manifest.</summary>
    public IReadOnlyList<StoredBlock> BlockList()
    {
        var view = Acquire();
        var list = view.Blocks.Select(block =>
            new StoredBlock(block.Number, new TimeRange(block.MinTimeMs, block.MaxTimeMs), block.SeriesCount, block.Samples, block.Bytes)).ToArray();
        view.Release();
        return list;
    }

    /// <summary>Writes a block of samples from elsewhere and makes it part of the store, in one step.</summary>
    /// <param name="write">Adds the series, sorted by labels.</param>
    /// <param name="beforePublish">Told the block's number when it is whole on disk and not part of the store yet. Not called without samples.</param>
    /// <exception cref="IOException">The disk refused; the store is as before.</exception>
    internal void AddBlock(Action<BlockWriter> write, Action<ulong> beforePublish)
    {
        lock (_maintenanceLock)
        {
            using var writer = _folder.CreateWriter(out ulong number);
            write(writer);
            if (writer.Samples == 0) return;
            writer.Finish();
            beforePublish(number);
            Publish([.. _view.Blocks, _folder.OpenWritten(number)], _folder.Manifest.FirstSegment);
            lock (_appendLock) _newestMs = Math.Max(_newestMs, _newestInBlocksMs);
        }
    }

    /// <summary>True if a block of that number, with as many samples, is part of the store.</summary>
    internal bool HasBlock(ulong number, long samples)
    {
        lock (_maintenanceLock) return _view.Blocks.Any(block => block.Number == number && block.Samples == samples);
    }
}

/// <summary>A block of a store.</summary>
/// <param name="Range">Of its samples, inclusive, Unix milliseconds.</param>
public sealed record StoredBlock(ulong Number, TimeRange Range, int Series, long Samples, long Bytes);
