using Vigie.Model;

namespace Vigie.Metrics;

/// <content>The read side.</content>
public sealed partial class MetricStore
{
    readonly LabelsCache _labels = new();

    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation) =>
        Select(matchers, range, hints, withRollups: true, cancellation);

    /// <summary>Without aggregates.</summary>
    SeriesSet SelectSamples(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, CancellationToken cancellation) =>
        Select(matchers, range, hints, withRollups: false, cancellation);

    SeriesSet Select(
        ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints, bool withRollups, CancellationToken cancellation)
    {
        var slots = new List<int>();
        var view = AcquireWith(matchers, slots, out var labels, range, cancellation);
        try
        {
            var builder = new SeriesSet.Builder(view, range, _labels);
            for (int i = 0; i < slots.Count; i++) builder.AddHead(labels[i], slots[i]);
            var ordinals = new List<int>();
            for (int b = view.Blocks.Length - 1; b >= 0; b--)
            {
                var block = view.Blocks[b];
                if (!range.Overlaps(new TimeRange(block.MinTimeMs, block.MaxTimeMs))) continue;
                ordinals.Clear();
                block.Select(matchers, ordinals, cancellation);
                builder.AddBlock(b, ordinals);
            }
            if (withRollups && Array.Exists(view.Rollups, rollup => rollup.MaxTimeMs >= range.StartMs))
            {
                builder.UseRollups(hints);
                foreach (var rollup in view.Rollups) builder.AddRollup(rollup, matchers, cancellation);
            }
            return builder.Build(sorted: !hints.AnyOrder);
        }
        catch
        {
            view.Release();
            throw;
        }
    }

    public IReadOnlyList<string> LabelNames(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (matchers.IsEmpty)
        {
            VisitIndexes(range, index => index.AddNames(names), block => block.AddNames(names));
        }
        else
        {
            using var found = Select(matchers, range, default, cancellation);
            for (int i = 0; i < found.Count; i++)
                foreach (ref readonly var pair in found.LabelsOf(i).Pairs) names.Add(pair.Name);
        }
        return Sorted(names, limit);
    }

    public IReadOnlyList<string> LabelValues(
        string name, ReadOnlySpan<LabelMatcher> matchers, TimeRange range, int limit, CancellationToken cancellation)
    {
        var values = new HashSet<string>(StringComparer.Ordinal);
        if (matchers.IsEmpty)
        {
            VisitIndexes(range, index => index.AddValues(name, values), block => block.AddValues(name, values));
        }
        else
        {
            using var found = Select(matchers, range, default, cancellation);
            for (int i = 0; i < found.Count; i++)
                if (found.LabelsOf(i).TryGet(name, out var value)) values.Add(value);
        }
        return Sorted(values, limit);
    }

    /// <summary>
    /// The view of this moment and the head's series in it that match and overlap the range. Both under the index lock: a slot gets another
    /// series only together with a new view, so a view never shows one series' samples under another's labels.
    /// </summary>
    StoreView AcquireWith(
        ReadOnlySpan<LabelMatcher> matchers, List<int> slots, out List<Labels> labels, TimeRange range, CancellationToken cancellation)
    {
        _index.Lock.EnterReadLock();
        try
        {
            var view = Acquire();
            try
            {
                _index.Select(matchers, slots, cancellation);
                slots.RemoveAll(slot => !HasSamples(view, slot, range));
                labels = new List<Labels>(slots.Count);
                foreach (int slot in slots) labels.Add(HeadLabels(slot));
                return view;
            }
            catch
            {
                view.Release();
                throw;
            }
        }
        finally
        {
            _index.Lock.ExitReadLock();
        }
    }

    /// <summary>Needs the index lock.</summary>
    Labels HeadLabels(int slot)
    {
        ulong owner = LabelsCache.HeadOwner(_index.Series[slot].Salt);
        return _labels.Find(owner, slot) ?? _labels.Keep(owner, slot, _index.LabelsOf(slot));
    }

    StoreView Acquire()
    {
        lock (_viewLock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _view.Retain();
            return _view;
        }
    }

    static bool HasSamples(StoreView view, int slot, TimeRange range)
    {
        foreach (var generation in view.Generations)
            if (ChunkReader.Overlaps(generation, slot, range)) return true;
        return false;
    }

    void VisitIndexes(TimeRange range, Action<HeadIndex> visitHead, Action<Block> visitBlock)
    {
        StoreView view;
        _index.Lock.EnterReadLock();
        try
        {
            view = Acquire();
            if (view.Generations.Any(g => g.MinTimeMs <= range.EndMs && g.MaxTimeMs >= range.StartMs)) visitHead(_index);
        }
        finally
        {
            _index.Lock.ExitReadLock();
        }
        try
        {
            foreach (var block in view.Blocks.Concat(view.Rollups.SelectMany(static rollup => rollup[Rollup.Last])))
                if (range.Overlaps(new TimeRange(block.MinTimeMs, block.MaxTimeMs))) visitBlock(block);
        }
        finally
        {
            view.Release();
        }
    }

    /// <summary>As the names and values of one block are.</summary>
    static bool IsSorted(string[] texts)
    {
        for (int i = 1; i < texts.Length; i++)
            if (Labels.CompareText(texts[i - 1], texts[i]) > 0) return false;
        return true;
    }

    static string[] Sorted(HashSet<string> texts, int limit)
    {
        var sorted = texts.ToArray();
        if (!IsSorted(sorted)) Array.Sort(sorted, Labels.CompareText);
        return limit > 0 && sorted.Length > limit ? sorted[..limit] : sorted;
    }
}
