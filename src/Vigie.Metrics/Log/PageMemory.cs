namespace Vigie.Metrics;

/// <summary>
/// Recognises batches that come back in the same shape: the same series in the same order. A shape becomes a page when it is seen for the
/// second time, or at once if it is known to repeat. Bounded by the number of series; the pages unused for longest are forgotten first.
/// Belongs to the owner of the append lock.
/// </summary>
sealed class PageMemory : IDisposable
{
    /// <summary>Shapes seen once that are remembered; when there are more, all are forgotten (they will be seen again).</summary>
    const int SeenOnceMax = 16_384;
    /// <summary>Series of all pages together that are always allowed.</summary>
    const int SlotsAlwaysAllowed = 1 << 16;

    readonly Dictionary<ulong, LogPage> _pages = [];
    readonly HashSet<ulong> _seenOnce = [];
    long _slots;
    long _uses;
    uint _nextId = 1;

    public int Count => _pages.Count;

    /// <summary>Null if the shape has not been seen before.</summary>
    /// <param name="repeats">The shape is known to come again.</param>
    /// <param name="seriesInMemory">Pages may hold twice as many series.</param>
    public LogPage? Find(ReadOnlySpan<int> slots, bool repeats, int seriesInMemory)
    {
        ulong key = KeyOf(slots);
        if (_pages.TryGetValue(key, out var page))
        {
            page.LastUse = ++_uses;
            if (page.Slots.SequenceEqual(slots)) return page;
            Forget(key, page);
        }
        else if (!repeats && _seenOnce.Add(key))
        {
            if (_seenOnce.Count > SeenOnceMax) _seenOnce.Clear();
            return null;
        }
        _seenOnce.Remove(key);
        long slotsMax = Math.Max(SlotsAlwaysAllowed, 2L * seriesInMemory);
        if (_slots + slots.Length > slotsMax) ForgetUntil(slotsMax / 2);
        page = new LogPage(_nextId++, slots) { LastUse = ++_uses, Owner = this };
        _slots += slots.Length;
        return _pages[key] = page;
    }

    /// <summary>A page of this memory is used without having been looked for.</summary>
    public void NoteUse(LogPage page) => page.LastUse = ++_uses;

    /// <summary>Forgets pages that were not used since a generation began.</summary>
    public void DropUnused(uint sinceGeneration)
    {
        foreach (var (key, page) in _pages)
            if (page.Generation < sinceGeneration) Forget(key, page);
    }

    public void Dispose()
    {
        foreach (var page in _pages.Values) page.Dispose();
        _pages.Clear();
    }

    void ForgetUntil(long slots)
    {
        foreach (var (key, page) in _pages.OrderBy(pair => pair.Value.LastUse).ToArray())
        {
            if (_slots <= slots) return;
            Forget(key, page);
        }
    }

    void Forget(ulong key, LogPage page)
    {
        _pages.Remove(key);
        _slots -= page.Slots.Length;
        page.Dispose();
    }

    /// <summary>A few slots tell shapes apart well enough; equality is checked in full.</summary>
    static ulong KeyOf(ReadOnlySpan<int> slots)
    {
        unchecked
        {
            ulong key = (ulong)slots.Length * 0x9e3779b97f4a7c15;
            key = (key ^ (ulong)slots[0]) * 0xbf58476d1ce4e5b9;
            key = (key ^ (ulong)slots[slots.Length / 2]) * 0x94d049bb133111eb;
            return (key ^ (ulong)slots[^1]) * 0x9e3779b97f4a7c15;
        }
    }
}
