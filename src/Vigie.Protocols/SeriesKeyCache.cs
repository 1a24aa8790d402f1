using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.Protocols;

/// <summary>
/// Remembers which series a run of wire bytes names, so that labels are parsed once and not per sample. Senders write the same series in the
/// same order again and again, so each entry remembers which one followed it: a walk compares bytes, and hashes only where the order is new.
/// Lookups take no lock; additions do. Keys live in large byte arrays; there is no object per entry. When full it forgets everything (counted),
/// which costs one re-resolve each.
/// </summary>
public sealed class SeriesKeyCache(int entriesMax = 4_000_000)
{
    const int ArenaBytes = 1 << 20;
    readonly Lock _writing = new();
    volatile Table _table = new(512);

    public int Count => _table.Count;

    /// <summary>How often the cache was emptied because it was full.</summary>
    public long Resets { get; private set; }

    /// <summary>Where a walk over the series of a request stands; one per request, <c>default</c> at its start.</summary>
    public struct Walk
    {
        /// <summary>The entry met last, plus one; 0 if there is none.</summary>
        internal int Last;
    }

    /// <summary>The series whose key <paramref name="bytes"/> begin with, if it is the one that followed the walk's last one before.</summary>
    /// <param name="keyLength">Bytes of the key. The caller checks that the key ends there.</param>
    public bool TryFollow(ReadOnlySpan<byte> bytes, in Walk walk, out int entry, out int keyLength, out SeriesRef series)
    {
        var table = _table;
        entry = table.NextOf(walk.Last);
        keyLength = 0;
        series = default;
        if (entry == 0) return false;
        var key = table.KeyOf(entry);
        if (!bytes.StartsWith(key)) return false;
        keyLength = key.Length;
        series = table.SeriesOf(entry);
        return true;
    }

    /// <summary>Moves a walk to the entry that <see cref="TryFollow"/> found.</summary>
    public static void Advance(ref Walk walk, int entry) => walk.Last = entry;

    public bool TryGet(ReadOnlySpan<byte> key, out SeriesRef series)
    {
        var walk = default(Walk);
        return TryGet(key, ref walk, out series);
    }

    /// <summary>Looks a key up wherever it is, moves the walk there, and remembers the step.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, ref Walk walk, out SeriesRef series)
    {
        var table = _table;
        int entry = table.Find(key, HashOf(key));
        if (entry == 0)
        {
            walk.Last = 0;
            series = default;
            return false;
        }
        table.NoteStep(walk.Last, entry);
        walk.Last = entry;
        series = table.SeriesOf(entry);
        return true;
    }

    /// <summary>Adds or replaces an entry.</summary>
    public void Set(ReadOnlySpan<byte> key, SeriesRef series)
    {
        var walk = default(Walk);
        Set(key, ref walk, series);
    }

    /// <summary>Adds or replaces an entry and moves the walk there.</summary>
    public void Set(ReadOnlySpan<byte> key, ref Walk walk, SeriesRef series)
    {
        lock (_writing)
        {
            ulong hash = HashOf(key);
            int entry = _table.Find(key, hash);
            if (entry != 0)
            {
                _table.Replace(entry, series);
            }
            else
            {
                if (_table.Count >= entriesMax)
                {
                    _table = new Table(512);
                    walk.Last = 0;
                    Resets++;
                }
                if (_table.IsFull) _table = _table.Grown();
                entry = _table.Add(key, hash, series);
            }
            _table.NoteStep(walk.Last, entry);
            walk.Last = entry;
        }
    }

    static ulong HashOf(ReadOnlySpan<byte> key)
    {
        ulong hash = 0x9e3779b97f4a7c15 ^ (ulong)key.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(key);
        foreach (ulong word in words) hash = Mix(hash ^ word);
        ulong tail = 0;
        foreach (byte b in key[(words.Length * 8)..]) tail = tail << 8 | b;
        return Mix(hash ^ tail);
    }

    static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xa0761d6478bd642f, out ulong low);
        return high ^ low;
    }

    /// <summary>Keys, series and steps by entry number (from 1), and a hash table of entry numbers. What readers see of it only grows.</summary>
    sealed class Table
    {
        struct Entry
        {
            public ulong Hash;
            public ulong Series;
            public int Arena;
            public int Start;
            public int Length;
            /// <summary>The entry that followed this one last time; 0 if none did. Written by anybody: it is a guess, which is checked.</summary>
            public int Next;
        }

        readonly Entry[] _entries;          // 0 is what begins a request
        readonly int[] _slots;              // open addressing with linear probing, twice as many as entries; 0 is free
        byte[][] _arenas;
        int _arenaUsed;
        int _count;

        public Table(int entries)
        {
            _entries = new Entry[entries];
            _slots = new int[entries * 2];
            _arenas = [];
            _arenaUsed = ArenaBytes;
        }

        public int Count => Volatile.Read(ref _count);

        public bool IsFull => _count + 1 == _entries.Length;

        public int NextOf(int entry) => entry <= Count && _entries[entry].Next is var next && next <= Count ? next : 0;

        public void NoteStep(int from, int to)
        {
            if (from <= Count && _entries[from].Next != to) _entries[from].Next = to;
        }

        public SeriesRef SeriesOf(int entry) => new(Volatile.Read(ref _entries[entry].Series));

        public void Replace(int entry, SeriesRef series) => Volatile.Write(ref _entries[entry].Series, series.Value);

        public ReadOnlySpan<byte> KeyOf(int number)
        {
            ref readonly var entry = ref _entries[number];
            return Volatile.Read(ref _arenas)[entry.Arena].AsSpan(entry.Start, entry.Length);
        }

        /// <returns>0 if the key is not there.</returns>
        public int Find(ReadOnlySpan<byte> key, ulong hash)
        {
            int mask = _slots.Length - 1;
            for (int slot = (int)(hash & (uint)mask); ; slot = (slot + 1) & mask)
            {
                int entry = Volatile.Read(ref _slots[slot]);
                if (entry == 0) return 0;
                if (_entries[entry].Hash == hash && KeyOf(entry).SequenceEqual(key)) return entry;
            }
        }

        public int Add(ReadOnlySpan<byte> key, ulong hash, SeriesRef series)
        {
            if (ArenaBytes - _arenaUsed < key.Length)
            {
                // A new list: readers may be walking the old one.
                Volatile.Write(ref _arenas, [.. _arenas, new byte[Math.Max(ArenaBytes, key.Length)]]);
                _arenaUsed = 0;
            }
            key.CopyTo(_arenas[^1].AsSpan(_arenaUsed));
            int number = _count + 1;
            _entries[number] = new Entry { Hash = hash, Series = series.Value, Arena = _arenas.Length - 1, Start = _arenaUsed, Length = key.Length };
            _arenaUsed = _arenas[^1].Length > ArenaBytes ? ArenaBytes : _arenaUsed + key.Length;
            Volatile.Write(ref _count, number);
            Place(number);
            return number;
        }

        public Table Grown()
        {
            var larger = new Table(_entries.Length * 2) { _arenas = _arenas, _arenaUsed = _arenaUsed, _count = _count };
            _entries.CopyTo(larger._entries, 0);
            for (int entry = 1; entry <= _count; entry++) larger.Place(entry);
            return larger;
        }

        void Place(int entry)
        {
            int mask = _slots.Length - 1, slot = (int)(_entries[entry].Hash & (uint)mask);
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            Volatile.Write(ref _slots[slot], entry);
        }
    }
}
