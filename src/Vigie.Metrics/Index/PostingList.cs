namespace Vigie.Metrics;

/// <summary>The slots of the series that have one label pair, ascending. Most pairs of high-cardinality labels have one: no array then.</summary>
struct PostingList
{
    int _single;
    int[]? _slots;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<int> Slots(ref int single)
    {
        if (_slots is not null) return _slots.AsSpan(0, Count);
        single = _single;
        return System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpan(ref single, Count);
    }

    public void Add(int slot)
    {
        if (Count == 0 && _slots is null)
        {
            _single = slot;
            Count = 1;
            return;
        }
        if (_slots is null) _slots = [_single, 0, 0, 0];
        else if (Count == _slots.Length) Array.Resize(ref _slots, _slots.Length + (_slots.Length / 2));
        // Slots mostly come in ascending order; a reused one is moved to its place.
        int at = Count;
        while (at > 0 && _slots[at - 1] > slot)
        {
            _slots[at] = _slots[at - 1];
            at--;
        }
        _slots[at] = slot;
        Count++;
    }

    /// <summary>Keeps the slots that <paramref name="dropped"/> does not hold.</summary>
    public void RemoveAll(HashSet<int> dropped)
    {
        if (_slots is null)
        {
            if (Count == 1 && dropped.Contains(_single)) Count = 0;
            return;
        }
        int kept = 0;
        for (int i = 0; i < Count; i++)
            if (!dropped.Contains(_slots[i])) _slots[kept++] = _slots[i];
        Count = kept;
        if (Count < _slots.Length / 4) Array.Resize(ref _slots, Math.Max(4, Count));
    }
}
