namespace Vigie.Metrics;

/// <summary>
/// Recognises batches that come back in the same shape: the same series in the same order. A shape becomes a page when it is seen for the
/// second time, or at once if its sender says that it repeats. Belongs to the owner of the append lock.
/// </summary>
sealed class PageMemory : IDisposable
{
    /// <summary>Shapes seen once that are remembered; when there are more, all are forgotten (they will be seen again).</summary>
    const int SeenOnceMax = 16_384;

    readonly Dictionary<ulong, LogPage> _pages = [];
    readonly HashSet<ulong> _seenOnce = [];
    uint _nextId = 1;

    public int Count => _pages.Count;

    /// <summary>Null if the shape has not been seen before.</summary>
    /// <param name="repeats">The sender says that the shape comes again.</param>
    public LogPage? Find(ReadOnlySpan<int> slots, bool repeats)
    {
        ulong key = KeyOf(slots);
        if (_pages.TryGetValue(key, out var page))
        {
            if (page.Slots.SequenceEqual(slots)) return page;
            page.Dispose();
        }
        else if (!repeats && _seenOnce.Add(key))
        {
            if (_seenOnce.Count > SeenOnceMax) _seenOnce.Clear();
            return null;
        }
        _seenOnce.Remove(key);
        return _pages[key] = new LogPage(_nextId++, slots);
    }

    /// <summary>Forgets pages that were not used since a generation began.</summary>
    public void DropUnused(uint sinceGeneration)
    {
        foreach (var (key, page) in _pages)
        {
            if (page.Generation >= sinceGeneration) continue;
            page.Dispose();
            _pages.Remove(key);
        }
    }

    public void Dispose()
    {
        foreach (var page in _pages.Values) page.Dispose();
        _pages.Clear();
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
