using System.Collections;
using System.Runtime.InteropServices;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// The slots of the series that have one label pair, ascending. Series of a page get neighbouring slots, so lists are kept as runs: the last
/// one here, those before it as bytes. Most pairs of high-cardinality labels have one series: no object then.
/// </summary>
struct PostingList
{
    PostingRuns? _closed;
    int _start;
    int _end;

    public int Count { get; private set; }

    /// <summary>Adds a slot that is not in the list.</summary>
    public void Add(int slot)
    {
        Count++;
        if (slot == _end && _end > _start)
        {
            _end++;
        }
        else if (slot >= _end)
        {
            if (_end > _start) (_closed ??= new PostingRuns()).Append(_start, _end);
            (_start, _end) = (slot, slot + 1);
        }
        else if ((_closed ??= new PostingRuns()).AddLate(slot, Count))
        {
            Rebuild(null, []);      // a reused slot; they are merged many at a time
        }
    }

    /// <summary>Appends the slots, ascending.</summary>
    public readonly void AppendTo(List<int> slots)
    {
        int first = slots.Count;
        CollectionsMarshal.SetCount(slots, first + Count);
        var room = CollectionsMarshal.AsSpan(slots)[first..];
        int written = _closed?.Decode(room) ?? 0;
        for (int slot = _start; slot < _end; slot++) room[written++] = slot;
        _closed?.MergeLate(room, written);
    }

    /// <summary>Keeps the slots whose bit is not set in <paramref name="dropped"/>.</summary>
    /// <param name="room">Is overwritten.</param>
    public void RemoveAll(BitArray dropped, List<int> room) => Rebuild(dropped, room);

    void Rebuild(BitArray? dropped, List<int> room)
    {
        room.Clear();
        AppendTo(room);
        this = default;
        foreach (int slot in room)
            if (dropped is null || !dropped[slot]) Add(slot);
        _closed?.Trim();
    }
}

/// <summary>
/// All runs of a posting list but its last: varints, per run the slots between it and the one before, doubled, plus one if it is longer than
/// one slot; then its length less two follows.
/// </summary>
sealed class PostingRuns
{
    const int LateAlwaysAllowed = 32;
    const int LateShare = 16;

    byte[] _bytes = new byte[4];
    int _length;
    int _end;                   // of the last run
    List<int>? _late;           // ascending

    public void Append(int start, int end)
    {
        Span<byte> coded = stackalloc byte[2 * Varint.BytesMax];
        bool isLong = end - start > 1;
        int length = Varint.Write(coded, ((ulong)(start - _end) << 1) | (isLong ? 1UL : 0));
        if (isLong) length += Varint.Write(coded[length..], (ulong)(end - start - 2));
        if (_bytes.Length - _length < length) Array.Resize(ref _bytes, _length + length + (_length / 4));
        coded[..length].CopyTo(_bytes.AsSpan(_length));
        _length += length;
        _end = end;
    }

    /// <summary>Keeps a slot that lies before others of the list.</summary>
    /// <returns>True if there are so many of them that the list should be built anew.</returns>
    public bool AddLate(int slot, int listCount)
    {
        _late ??= [];
        _late.Insert(~_late.BinarySearch(slot), slot);
        return _late.Count > LateAlwaysAllowed + (listCount / LateShare);
    }

    /// <returns>Slots written.</returns>
    public int Decode(Span<int> slots)
    {
        int at = 0, written = 0, slot = 0;
        var bytes = _bytes.AsSpan(0, _length);
        while (Varint.TryRead(bytes, ref at, out ulong head))
        {
            slot += (int)(head >> 1);
            ulong more = 0;
            bool isLong = (head & 1) != 0 && Varint.TryRead(bytes, ref at, out more);
            for (int end = slot + (isLong ? (int)more + 2 : 1); slot < end; slot++) slots[written++] = slot;
        }
        return written;
    }

    /// <summary>Merges the late slots into the others, which fill the first <paramref name="count"/> places; the rest is room for them.</summary>
    public void MergeLate(Span<int> slots, int count)
    {
        if (_late is null) return;
        int to = count + _late.Count;
        for (int late = _late.Count - 1, from = count - 1; late >= 0;)
            slots[--to] = from >= 0 && slots[from] > _late[late] ? slots[from--] : _late[late--];
    }

    /// <summary>Gives back room that is not needed.</summary>
    public void Trim()
    {
        if (_length < _bytes.Length) Array.Resize(ref _bytes, _length);
    }
}
