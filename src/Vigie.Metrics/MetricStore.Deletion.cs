using Vigie.Model;

namespace Vigie.Metrics;

/// <content>Deletes.</content>
public sealed partial class MetricStore
{
    /// <summary>
    /// Deletes the samples in the range of the series that match any of the matcher sets. When it returns, no query shows them and no crash
    /// brings them back; <see cref="CleanTombstones"/> frees their space.
    /// </summary>
    /// <exception cref="IOException">The disk refused; some blocks may have been done, so that the call can be repeated.</exception>
    public DeletionReceipt Delete(IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range, CancellationToken cancellation)
    {
        lock (_maintenanceLock)
        {
            Freeze();
            FlushFrozen(cancellation);
            var series = new HashSet<Labels>();
            long samples = 0;
            foreach (var block in _view.Blocks)
                if (range.Overlaps(new TimeRange(block.MinTimeMs, block.MaxTimeMs)))
                    samples += DeleteFrom(block, matcherSets, range, series, cancellation);
            foreach (var tier in _tiers) tier.Delete(matcherSets, range, cancellation);
            return new DeletionReceipt(series.Count, samples);
        }
    }

    /// <summary>Rewrites the blocks that hold deleted samples, without them.</summary>
    public void CleanTombstones(CancellationToken cancellation)
    {
        lock (_maintenanceLock)
        {
            for (int i = _view.Blocks.Length - 1; i >= 0; i--)
                if (!_view.Blocks[i].Tombstones.IsEmpty) Rewrite(i, 1, cancellation);
            foreach (var tier in _tiers) tier.CleanTombstones(cancellation);
            PublishRollups();
        }
    }

    /// <summary>Frees the space of deleted samples, a block at a time, so that other maintenance is not held up.</summary>
    void RewriteDeleted(CancellationToken cancellation)
    {
        int index = Array.FindIndex(_view.Blocks, static block => !block.Tombstones.IsEmpty);
        if (index >= 0) Rewrite(index, 1, cancellation);
    }

    long DeleteFrom(
        Block block, IReadOnlyList<LabelMatcher[]> matcherSets, TimeRange range, HashSet<Labels> series, CancellationToken cancellation)
    {
        var ordinals = new List<int>();
        foreach (var matchers in matcherSets) block.Select(matchers, ordinals, cancellation);
        var affected = new List<int>();
        var columns = new SampleColumns();
        long samples = 0;
        foreach (int ordinal in ordinals.Distinct())
        {
            columns.Clear();
            block.Read(ordinal, range, columns);
            if (columns.Count == 0) continue;
            samples += columns.Count;
            affected.Add(ordinal);
            series.Add(block.LabelsOf(ordinal));
        }
        if (affected.Count > 0) _folder.WriteTombstones(block, block.Tombstones.With(affected, range));
        return samples;
    }
}
