using Microsoft.Extensions.Logging;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// One aggregate of one resolution on disk: blocks like those of samples, whose values are the aggregate and whose times are the ends of the
/// windows. Used by one thread at a time; readers hold on to the blocks through their view.
/// </summary>
sealed class RollupColumn : IDisposable
{
    readonly BlockFolder _folder;

    public RollupColumn(IFileSystem files, string directory, ReplacedFiles replaced, Action onDamage, ILogger logger)
    {
        files.CreateDirectory(directory);
        _folder = new BlockFolder(files, directory, replaced, onDamage, logger);
        Blocks = _folder.Open();
    }

    /// <summary>Oldest first.</summary>
    public Block[] Blocks { get; private set; }

    public long Bytes => Blocks.Sum(static block => block.Bytes);

    public BlockWriter CreateWriter(out ulong number) => _folder.CreateWriter(out number);

    /// <summary>Completes a block and makes it part of the column; nothing happens if nothing was written to it.</summary>
    public void Add(BlockWriter writer, ulong number)
    {
        if (writer.Samples == 0) return;
        writer.Finish();
        Replace([.. Blocks, _folder.OpenWritten(number)]);
    }

    /// <summary>Merges one run of blocks, if there is one worth it.</summary>
    /// <returns>True if there was.</returns>
    public bool Compact(TimeSpan spanMax, CancellationToken cancellation)
    {
        var (first, count) = CompactionPlan.Choose(Blocks, spanMax);
        if (count == 0) return false;
        Rewrite(first, count, cancellation);
        return true;
    }

    /// <summary>Rewrites the blocks that hold deleted samples, without them.</summary>
    public void CleanTombstones(CancellationToken cancellation)
    {
        for (int i = Blocks.Length - 1; i >= 0; i--)
            if (!Blocks[i].Tombstones.IsEmpty) Rewrite(i, 1, cancellation);
    }

    public void DropBefore(long timeMs)
    {
        if (Array.Exists(Blocks, block => block.MaxTimeMs < timeMs)) Replace(Array.FindAll(Blocks, block => block.MaxTimeMs >= timeMs));
    }

    /// <summary>Deletes the windows that end in the range.</summary>
    public void Delete(IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range, CancellationToken cancellation)
    {
        var ordinals = new List<int>();
        foreach (var block in Blocks)
        {
            if (!range.Overlaps(new TimeRange(block.MinTimeMs, block.MaxTimeMs))) continue;
            ordinals.Clear();
            foreach (var matchers in matcherSets) block.Select(matchers, ordinals, cancellation);
            if (ordinals.Count > 0) _folder.WriteTombstones(block, block.Tombstones.With(ordinals.Distinct(), range));
        }
    }

    public void LinkTo(string directory) => _folder.LinkTo(directory, Blocks);

    public void Dispose()
    {
        foreach (var block in Blocks) block.Release();
    }

    void Rewrite(int first, int count, CancellationToken cancellation)
    {
        using var writer = _folder.CreateWriter(out ulong number);
        new BlockMerge(Blocks[first..(first + count)]).WriteTo(writer, cancellation);
        Block[] merged = [];
        if (writer.Samples > 0)
        {
            writer.Finish();
            merged = [_folder.OpenWritten(number)];
        }
        Replace([.. Blocks[..first], .. merged, .. Blocks[(first + count)..]]);
    }

    void Replace(Block[] next)
    {
        var before = Blocks;
        try
        {
            _folder.Publish(next, firstSegment: 0);
        }
        catch
        {
            foreach (var added in next.Except(before))
            {
                added.Release();
                _folder.DeleteUnpublished(added.Number);
            }
            throw;
        }
        Blocks = next;
        foreach (var gone in before.Except(next))
        {
            _folder.Delete(gone.Number);
            gone.Release();
        }
    }
}
