using Vigie.Model;

namespace Vigie.Metrics;

/// <content>Dropping what is past retention.</content>
public sealed partial class MetricStore
{
    readonly RetentionPolicy _retention;

    /// <summary>By age whole blocks, or the series of a block that a rule gives a shorter time; then the oldest blocks above the limit on size.</summary>
    void DropExpired(CancellationToken cancellation)
    {
        long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        // What a downsampling rule still has to read stays until it was read.
        long safeBeforeMs = RolledUpThroughMs();
        foreach (var block in _view.Blocks)
        {
            if (block.MaxTimeMs >= safeBeforeMs) continue;
            if (_retention.IsWhollyExpired(block, nowMs))
            {
                DropBlock(block, "retention");
                _metrics.TimeRetentions.Add(1);
                continue;
            }
            var expired = _retention.ExpiredSeries(block, nowMs, cancellation);
            if (expired.Count > 0) DropSeriesOf(block, expired, cancellation);
        }
        while (_options.RetentionBytesMax is { } bytesMax && _view.Blocks.Length > 0
            && _view.Blocks.Sum(block => block.Bytes) + RollupBytes + LogBytes > bytesMax)
        {
            DropBlock(_view.Blocks.MinBy(block => block.MaxTimeMs)!, "retention size");
            _metrics.SizeRetentions.Add(1);
        }
    }

    void DropBlock(Block block, string reason)
    {
        Publish([.. _view.Blocks.Where(other => other != block)], _folder.Manifest.FirstSegment);
        _folder.Delete(block.Number);
        _retention.Forget(block.Number);
        _logger.LogBlockDropped(block.Number, reason);
    }

    /// <summary>Tombstones first: once they are on disk the series are gone, whatever happens to the rewrite that frees their space.</summary>
    void DropSeriesOf(Block block, List<int> ordinals, CancellationToken cancellation)
    {
        ulong number = block.Number;
        _folder.WriteTombstones(block, block.Tombstones.With(ordinals, TimeRange.All));
        _metrics.SeriesExpired.Add(ordinals.Count);
        Rewrite(Array.IndexOf(_view.Blocks, block), 1, cancellation);
        _retention.Forget(number);
        _logger.LogSeriesExpired(ordinals.Count, number);
    }
}
