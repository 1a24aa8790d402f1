using System.Collections;
using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>
/// The series in memory: by slot, by label set, and by label pair. Methods are called with <see cref="Lock"/> held: for reading, or for
/// writing where they say so. A slot's <see cref="SeriesState"/> beyond its labels belongs to the owner of the append lock.
/// </summary>
sealed unsafe class HeadIndex : IDisposable
{
    readonly SymbolTable _symbols = new();
    readonly PairTable _pairs;
    readonly LabelMemory _labels = new();
    readonly Stack<int> _freeSlots = new();
    int[] _table = new int[1024];       // slot + 1 by hash, open addressing; at most two thirds full
    int _slotEnd;

    public HeadIndex() => _pairs = new PairTable(_symbols);

    public ReaderWriterLockSlim Lock { get; } = new(LockRecursionPolicy.NoRecursion);

    public Slab<SeriesState> Series { get; } = new();

    /// <summary>Number of series.</summary>
    public int Count { get; private set; }

    /// <summary>How many times series were dropped: references found valid since the last time still are.</summary>
    public long Drops { get; private set; }

    /// <summary>One above the highest slot in use.</summary>
    public int SlotEnd => Volatile.Read(ref _slotEnd);

    public SymbolTable Symbols => _symbols;

    /// <summary>Name and value of a pair that a series has; needs no lock.</summary>
    public (uint Name, uint Value) SymbolsOf(uint pair) => (_pairs[pair].Name, _pairs[pair].Value);

    public long LabelPairs => _pairs.Count;

    /// <summary>−1 if there is no such series.</summary>
    public int Find(Labels labels)
    {
        int mask = _table.Length - 1;
        ulong hash = labels.StableHash;
        for (int at = (int)(hash & (ulong)mask); _table[at] != 0; at = (at + 1) & mask)
        {
            int slot = _table[at] - 1;
            if (Series[slot].Hash == hash && HasLabels(slot, labels)) return slot;
        }
        return -1;
    }

    /// <summary>Adds a series that is not there yet. Needs the write lock.</summary>
    public int Add(Labels labels)
    {
        if (labels.Count > ushort.MaxValue) throw new ArgumentException($"{labels.Count} labels, at most {ushort.MaxValue} are possible");
        int slot = _freeSlots.Count > 0 ? _freeSlots.Pop() : _slotEnd;
        Series.EnsureIndex(slot);
        ref var series = ref Series[slot];
        series.Hash = labels.StableHash;
        series.LastTimeMs = SeriesState.NoSample;
        series.LastBits = 0;
        series.Open = null;
        series.OpenGeneration = series.LastGeneration = 0;
        series.DefinedInEpoch = 0;
        series.Salt++;
        series.InUse = true;
        series.LabelCount = (ushort)labels.Count;
        series.Pairs = _labels.Rent(labels.Count);
        for (int i = 0; i < labels.Count; i++)
        {
            uint pair = _pairs.Intern(labels[i].Name, labels[i].Value);
            series.Pairs[i] = pair;
            _pairs[pair].Series.Add(slot);
        }
        if (slot == _slotEnd) Volatile.Write(ref _slotEnd, slot + 1);
        Count++;
        if (Count * 3L > _table.Length * 2L) RebuildTable(_table.Length * 2);
        else Insert(_table, slot);
        return slot;
    }

    /// <summary>Drops series; their slots get a new salt with the next series. Needs the write lock.</summary>
    /// <param name="slots">A bit for every slot up to <see cref="SlotEnd"/>.</param>
    /// <returns>How many were dropped.</returns>
    public int Drop(BitArray slots)
    {
        var touched = new HashSet<uint>();
        int dropped = 0;
        for (int slot = slots.Count - 1; slot >= 0; slot--)      // so that the lowest is reused first: posting lists like ascending slots
        {
            if (!slots[slot]) continue;
            dropped++;
            ref var series = ref Series[slot];
            for (int i = 0; i < series.LabelCount; i++) touched.Add(series.Pairs[i]);
            _labels.Return(series.Pairs, series.LabelCount);
            series.Pairs = null;
            series.LabelCount = 0;
            series.InUse = false;
            series.Salt++;              // old references fail at once, not only when the slot is reused
            _freeSlots.Push(slot);
        }
        if (dropped == 0) return 0;
        Drops++;
        Count -= dropped;
        var room = new List<int>();
        foreach (uint pair in touched)
        {
            _pairs[pair].Series.RemoveAll(slots, room);
            if (_pairs[pair].Series.Count == 0) _pairs.Remove(pair);
        }
        RebuildTable(_table.Length);
        return dropped;
    }

    public Labels LabelsOf(int slot)
    {
        Label[] pairs = [];
        _ = LabelsOf(slot, ref pairs);
        return Labels.FromSorted(pairs);
    }

    /// <summary>The labels of a slot, in memory of the caller's, which grows as needed. Needs no lock if nobody drops the series meanwhile.</summary>
    public ReadOnlySpan<Label> LabelsOf(int slot, ref Label[] room)
    {
        ref var series = ref Series[slot];
        if (room.Length < series.LabelCount) room = new Label[series.LabelCount];
        for (int i = 0; i < series.LabelCount; i++)
        {
            var (name, value) = SymbolsOf(series.Pairs[i]);
            room[i] = new Label(_symbols[name], _symbols[value]);
        }
        return room.AsSpan(0, series.LabelCount);
    }

    /// <summary>Sorts slots in use as their labels sort. Needs no lock if nobody drops these series meanwhile.</summary>
    public void SortByLabels(Span<int> slots)
    {
        var ranks = new int[_symbols.NumberEnd];
        var used = new List<uint>();
        foreach (int slot in slots)
        {
            ref var series = ref Series[slot];
            for (int i = 0; i < series.LabelCount; i++)
            {
                var (name, value) = SymbolsOf(series.Pairs[i]);
                Use(name);
                Use(value);
            }
        }
        used.Sort((a, b) => Labels.CompareText(_symbols[a], _symbols[b]));
        for (int i = 0; i < used.Count; i++) ranks[used[i]] = i;
        slots.Sort(new LabelOrder(this, ranks));

        void Use(uint symbol)
        {
            if (ranks[symbol] < 0) return;
            ranks[symbol] = -1;
            used.Add(symbol);
        }
    }

    /// <summary>Appends the slots of the series that match, ascending.</summary>
    public void Select(ReadOnlySpan<LabelMatcher> matchers, List<int> slots, CancellationToken cancellation)
    {
        var conditions = new List<HeadCondition>(matchers.Length);
        foreach (var matcher in matchers)
        {
            switch (HeadCondition.Of(matcher, _symbols, _pairs, out var condition))
            {
                case HeadCondition.Verdict.MatchesNone: return;
                case HeadCondition.Verdict.MatchesAll: continue;
                default: conditions.Add(condition!); break;
            }
        }
        var narrowest = conditions.Where(c => c.Candidates >= 0).MinBy(c => c.Candidates);
        int first = slots.Count;
        if (narrowest is not null) narrowest.AppendCandidates(slots);
        else AppendAll(slots);
        if (narrowest is not null) conditions.Remove(narrowest);
        cancellation.ThrowIfCancellationRequested();
        if (conditions.Count == 0) return;
        int kept = first;
        for (int i = first; i < slots.Count; i++)
        {
            int slot = slots[i];
            if (MatchesAll(ref Series[slot], conditions)) slots[kept++] = slot;
        }
        slots.RemoveRange(kept, slots.Count - kept);
    }

    /// <summary>Adds the names of all labels to <paramref name="names"/>.</summary>
    public void AddNames(HashSet<string> names)
    {
        foreach (uint name in _pairs.Names) names.Add(_symbols[name]);
    }

    /// <summary>Adds all values of one label to <paramref name="values"/>.</summary>
    public void AddValues(string name, HashSet<string> values)
    {
        if (!_symbols.TryGet(name, out uint symbol) || _pairs.Of(symbol) is not { } pairs) return;
        foreach (uint value in pairs.Keys) values.Add(_symbols[value]);
    }

    /// <summary>How many values a label has, and how many series have this value of it.</summary>
    public (int Values, int Series) CountsOf(string name, string value)
    {
        if (!_symbols.TryGet(name, out uint nameSymbol) || _pairs.Of(nameSymbol) is not { } values) return default;
        bool known = _symbols.TryGet(value, out uint valueSymbol) & values.TryGetValue(valueSymbol, out uint pair);
        return (values.Count, known ? _pairs[pair].Series.Count : 0);
    }

    /// <summary>Number of series by the values of two labels; a series that lacks one counts under "". Walks all series.</summary>
    public Dictionary<(string First, string Second), int> CountBy(string first, string second)
    {
        var counts = new Dictionary<(uint, uint), int>();       // symbols of the values, plus one; 0 is ""
        bool hasFirst = _symbols.TryGet(first, out uint firstName), hasSecond = _symbols.TryGet(second, out uint secondName);
        for (int slot = 0; slot < _slotEnd; slot++)
        {
            ref var series = ref Series[slot];
            if (!series.InUse) continue;
            var key = (0u, 0u);
            for (int i = 0; i < series.LabelCount; i++)
            {
                var (name, value) = SymbolsOf(series.Pairs[i]);
                if (hasFirst && name == firstName) key.Item1 = value + 1;
                else if (hasSecond && name == secondName) key.Item2 = value + 1;
            }
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
        }
        return counts.ToDictionary(pair => (TextOf(pair.Key.Item1), TextOf(pair.Key.Item2)), pair => pair.Value);

        string TextOf(uint symbolPlusOne) => symbolPlusOne == 0 ? "" : _symbols[symbolPlusOne - 1];
    }

    /// <summary>All pairs with the number of series that have them.</summary>
    public IEnumerable<(string Name, string Value, int Series)> Pairs()
    {
        foreach (var (name, value, series) in _pairs.All()) yield return (_symbols[name], _symbols[value], series);
    }

    /// <summary>Needs the write lock, which stays usable: whoever waits for it finds out that the store is closed.</summary>
    public void Dispose()
    {
        for (int slot = 0; slot < _slotEnd; slot++)
            if (Series[slot].InUse) _labels.Return(Series[slot].Pairs, Series[slot].LabelCount);
        _labels.Dispose();
        Series.Dispose();
    }

    bool HasLabels(int slot, Labels labels)
    {
        ref var series = ref Series[slot];
        if (series.LabelCount != labels.Count) return false;
        for (int i = 0; i < labels.Count; i++)
        {
            var (name, value) = SymbolsOf(series.Pairs[i]);
            if (!string.Equals(_symbols[name], labels[i].Name, StringComparison.Ordinal)) return false;
            if (!string.Equals(_symbols[value], labels[i].Value, StringComparison.Ordinal)) return false;
        }
        return true;
    }

    /// <param name="ranks">Places in the order of texts, by symbol.</param>
    readonly struct LabelOrder(HeadIndex index, int[] ranks) : IComparer<int>
    {
        public int Compare(int left, int right)
        {
            ref var a = ref index.Series[left];
            ref var b = ref index.Series[right];
            int shared = Math.Min(a.LabelCount, b.LabelCount);
            for (int i = 0; i < shared; i++)
            {
                if (a.Pairs[i] == b.Pairs[i]) continue;
                var (leftName, leftValue) = index.SymbolsOf(a.Pairs[i]);
                var (rightName, rightValue) = index.SymbolsOf(b.Pairs[i]);
                return leftName != rightName ? ranks[leftName].CompareTo(ranks[rightName]) : ranks[leftValue].CompareTo(ranks[rightValue]);
            }
            return a.LabelCount.CompareTo(b.LabelCount);
        }
    }

    static bool MatchesAll(ref SeriesState series, List<HeadCondition> conditions)
    {
        foreach (var condition in conditions)
            if (!condition.Matches(ref series)) return false;
        return true;
    }

    void AppendAll(List<int> slots)
    {
        for (int slot = 0; slot < _slotEnd; slot++)
            if (Series[slot].InUse) slots.Add(slot);
    }

    void RebuildTable(int length)
    {
        var table = new int[length];
        for (int slot = 0; slot < _slotEnd; slot++)
            if (Series[slot].InUse) Insert(table, slot);
        _table = table;
    }

    void Insert(int[] table, int slot)
    {
        int mask = table.Length - 1;
        int at = (int)(Series[slot].Hash & (ulong)mask);
        while (table[at] != 0) at = (at + 1) & mask;
        table[at] = slot + 1;
    }
}
