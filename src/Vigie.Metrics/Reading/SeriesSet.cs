using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>What a selector found: series sorted by labels, each with the places that hold its samples. Holds its view until disposed.</summary>
sealed class SeriesSet : ISeriesSet
{
    readonly StoreView _view;
    readonly TimeRange _range;
    readonly Entry[] _entries;
    readonly List<Place> _places;
    readonly SelectHints? _rollups;
    int _disposed;

    SeriesSet(StoreView view, TimeRange range, Entry[] entries, List<Place> places, SelectHints? rollups)
    {
        _view = view;
        _range = range;
        _entries = entries;
        _places = places;
        _rollups = rollups;
    }

    public int Count => _entries.Length;

    public Labels LabelsOf(int index) => _entries[index].Labels;

    public void Read(int index, SampleColumns output)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        var entry = _entries[index];
        int start = output.Count;
        for (int at = entry.FirstPlace; at >= 0; at = _places[at].Next)
            _view.Blocks[_places[at].Block].Read(_places[at].Ordinal, _range, output);
        if (entry.Slot >= 0)
            foreach (var generation in _view.Generations) ChunkReader.Read(generation, entry.Slot, _range, output);
        if (_rollups is { } hints) new RollupReader(_view.Rollups, hints).Read(entry.Labels, _range, FirstSampleOf(entry), output);
        // Those of a single block are in order.
        bool isOneBlock = entry is { Slot: < 0, FirstPlace: >= 0 } && _places[entry.FirstPlace].Next < 0 && _rollups is null;
        if (!isOneBlock) SampleOrder.Restore(output, start);
    }

    /// <summary>Time of the first sample of a series in the store, in the range or not; <see cref="long.MaxValue"/> if there is none.</summary>
    long FirstSampleOf(in Entry entry)
    {
        long first = RollupView.FirstOf(_view.Blocks, entry.Labels);
        if (entry.Slot >= 0)
            foreach (var generation in _view.Generations) first = Math.Min(first, ChunkReader.FirstOf(generation, entry.Slot));
        return first;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _view.Release();
    }

    /// <summary>A series in a block; <see cref="Next"/> is the index of the same series' next place, −1 if there is none.</summary>
    readonly record struct Place(int Block, int Ordinal, int Next);

    /// <param name="Slot">In the head; −1 if the series has no samples there.</param>
    record struct Entry(Labels Labels, int Slot, int FirstPlace);

    /// <summary>Merges what the head and the blocks found into one set. Blocks are added from the youngest to the oldest.</summary>
    public sealed class Builder(StoreView view, TimeRange range, LabelsCache cache)
    {
        readonly List<Entry> _entries = [];
        readonly List<Place> _places = [];
        readonly Dictionary<ulong, int> _byHash = [];
        SelectHints? _rollups;
        bool _hashed;

        public void AddHead(Labels labels, int slot) => _entries.Add(new Entry(labels, slot, FirstPlace: -1));

        public void AddBlock(int blockIndex, List<int> ordinals)
        {
            if (!_hashed) IndexEntries();
            var block = view.Blocks[blockIndex];
            foreach (int ordinal in ordinals)
            {
                int index = EntryOf(block, ordinal);        // may grow the list
                ref var entry = ref CollectionsMarshal.AsSpan(_entries)[index];
                _places.Add(new Place(blockIndex, ordinal, entry.FirstPlace));
                entry.FirstPlace = _places.Count - 1;
            }
        }

    /// <summary>Aggregates are to be read where there are no samples.</summary>
        public void UseRollups(in SelectHints hints) => _rollups = hints;

        /// <summary>Adds the series that only aggregates are left of.</summary>
        public void AddRollup(RollupView rollup, ReadOnlySpan<LabelMatcher> matchers, CancellationToken cancellation)
        {
            if (!_hashed) IndexEntries();
            var ordinals = new List<int>();
            foreach (var block in rollup[Rollup.Last])
            {
                if (!range.Overlaps(new TimeRange(block.MinTimeMs, block.MaxTimeMs))) continue;
                ordinals.Clear();
                block.Select(matchers, ordinals, cancellation);
                foreach (int ordinal in ordinals) EntryOf(block, ordinal);
            }
        }

    /// <param name="sorted">False: in the order they were added.</param>
        public SeriesSet Build(bool sorted)
        {
            var entries = _entries.ToArray();
            if (sorted && !IsSorted(entries)) Array.Sort(entries, static (a, b) => a.Labels.CompareTo(b.Labels));
            return new SeriesSet(view, range, entries, _places, _rollups);
        }

        /// <summary>As those of one block are.</summary>
        static bool IsSorted(Entry[] entries)
        {
            for (int i = 1; i < entries.Length; i++)
                if (entries[i].Labels.CompareTo(entries[i - 1].Labels) < 0) return false;
            return true;
        }

        void IndexEntries()
        {
            _hashed = true;
            for (int i = 0; i < _entries.Count; i++) _byHash.TryAdd(_entries[i].Labels.StableHash, i);
        }

        Labels LabelsOf(Block block, int ordinal)
        {
            ulong owner = LabelsCache.BlockOwner(block.Identity);
            return cache.Find(owner, ordinal) ?? cache.Keep(owner, ordinal, block.LabelsOf(ordinal));
        }

        int EntryOf(Block block, int ordinal)
        {
            ulong hash = block.HashOf(ordinal);
            if (_byHash.TryGetValue(hash, out int known))
            {
                if (block.HasLabels(ordinal, _entries[known].Labels)) return known;
                // Two label sets with one hash: rare enough to look at all.
                var labels = block.LabelsOf(ordinal);
                int found = _entries.FindIndex(entry => entry.Labels.Equals(labels));
                if (found >= 0) return found;
                _entries.Add(new Entry(labels, Slot: -1, FirstPlace: -1));
                return _entries.Count - 1;
            }
            _entries.Add(new Entry(LabelsOf(block, ordinal), Slot: -1, FirstPlace: -1));
            _byHash[hash] = _entries.Count - 1;
            return _entries.Count - 1;
        }
    }
}
