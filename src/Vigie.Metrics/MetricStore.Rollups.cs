using Vigie.Model;

namespace Vigie.Metrics;

/// <content>Downsampling: aggregates that outlive the samples they were made from.</content>
public sealed partial class MetricStore
{
    /// <summary>By resolution, the finest first. Used under the maintenance lock.</summary>
    RollupTier[] _tiers = [];

    /// <summary>Bytes of all aggregates on disk.</summary>
    public long RollupBytes => _tiers.Sum(static tier => tier.Bytes);

    void OpenRollups()
    {
        _tiers = [.. _options.Downsampling.OrderBy(static rule => rule.Resolution)
            .Select(rule => new RollupTier(_files, _path, rule, _replaced, () => _metrics.BlockCorruptions.Add(1), _logger))];
        PublishRollups();
    }

    /// <summary>One pass per resolution, then what maintenance its blocks need.</summary>
    void RollUp(CancellationToken cancellation)
    {
        if (_tiers.Length == 0) return;
        long nowMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        try
        {
            foreach (var tier in _tiers)
            {
                if (tier.NextPass(nowMs, FirstSampleAfter) is { } pass)
                {
                    using var series = SelectSamples([.. tier.Rule.Matchers], pass, default, cancellation);
                    tier.Add(series, pass, cancellation);
                    _logger.LogRolledUp(series.Count, tier.Rule.Resolution.TotalSeconds, pass.StartMs, pass.EndMs);
                }
                tier.Maintain(nowMs, cancellation);
            }
        }
        finally
        {
            PublishRollups();
        }
    }

    /// <summary>Shows the tiers' blocks to readers.</summary>
    void PublishRollups()
    {
        if (_tiers.Length == 0) return;
        lock (_viewLock) Replace(_view.Generations, _view.Blocks, [.. _tiers.Select(static tier => tier.View)]);
    }

    /// <summary>Blocks that end before this are no longer needed by any downsampling rule.</summary>
    long RolledUpThroughMs() => _tiers.Length == 0 ? long.MaxValue : _tiers.Min(static tier => tier.ThroughMs);

    long? FirstSampleAfter(long timeMs)
    {
        long? first = null;
        foreach (var block in _view.Blocks) Consider(block.MinTimeMs, block.MaxTimeMs);
        foreach (var generation in _view.Generations) Consider(generation.MinTimeMs, generation.MaxTimeMs);
        return first;

        void Consider(long minTimeMs, long maxTimeMs)
        {
            if (maxTimeMs <= timeMs || minTimeMs > maxTimeMs) return;
            long candidate = Math.Max(minTimeMs, timeMs == long.MinValue ? minTimeMs : timeMs + 1);
            if (first is null || candidate < first) first = candidate;
        }
    }
}
