using System.Runtime.InteropServices;
using Vigie.Model;

namespace Vigie.Protocols;

/// <summary>
/// Remembers which series a run of wire bytes names, so that labels are parsed once and not per sample. Lookups take no lock; additions do.
/// Keys live in large byte arrays; there is no object per entry. When full it forgets everything (counted), which costs one re-resolve each.
/// </summary>
public sealed class SeriesKeyCache(int entriesMax = 4_000_000)
{
    const int ArenaBytes = 1 << 20;
    readonly Lock _writing = new();
    volatile Table _table = new(1024);

    public int Count => _table.Count;

    /// <summary>How often the cache was emptied because it was full.</summary>
    public long Resets { get; private set; }

    public bool TryGet(ReadOnlySpan<byte> key, out SeriesRef series)
    {
        var table = _table;
        return table.TryFind(key, HashOf(key), out _, out series);
    }

    /// <summary>Adds or replaces an entry.</summary>
    public void Set(ReadOnlySpan<byte> key, SeriesRef series)
    {
        lock (_writing)
        {
            ulong hash = HashOf(key);
            if (_table.TryFind(key, hash, out int slot, out _))
            {
                Volatile.Write(ref _table.Series[slot], series.Value);
                return;
            }
            if (_table.Count >= entriesMax)
            {
                _table = new Table(1024);
                Resets++;
            }
            if (_table.Count * 4 >= _table.Hashes.Length * 3) _table = _table.Grown();
            _table.Add(key, hash, series.Value);
        }
    }

    static ulong HashOf(ReadOnlySpan<byte> key)
    {
        ulong hash = 0x9e3779b97f4a7c15 ^ (ulong)key.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(key);
        foreach (ulong word in words) hash = Mix(hash ^ word);
        ulong tail = 0;
        foreach (byte b in key[(words.Length * 8)..]) tail = tail << 8 | b;
        hash = Mix(hash ^ tail);
        return hash == 0 ? 1 : hash;
    }

    static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xa0761d6478bd642f, out ulong low);
        return high ^ low;
    }

    /// <summary>Open addressing with linear probing. A slot is visible once its hash is not 0; it is then complete.</summary>
    sealed class Table(int capacity)
    {
        public readonly ulong[] Hashes = new ulong[capacity];
        public readonly ulong[] Series = new ulong[capacity];
        readonly long[] _places = new long[capacity];
        readonly int[] _lengths = new int[capacity];
        List<byte[]> _arenas = [];
        int _arenaUsed = ArenaBytes;

        public int Count { get; private set; }

        public bool TryFind(ReadOnlySpan<byte> key, ulong hash, out int slot, out SeriesRef series)
        {
            int mask = Hashes.Length - 1;
            for (slot = (int)(hash & (uint)mask); ; slot = (slot + 1) & mask)
            {
                ulong found = Volatile.Read(ref Hashes[slot]);
                if (found == 0)
                {
                    series = default;
                    return false;
                }
                if (found != hash || _lengths[slot] != key.Length || !KeyAt(slot).SequenceEqual(key)) continue;
                series = new SeriesRef(Volatile.Read(ref Series[slot]));
                return true;
            }
        }

        public void Add(ReadOnlySpan<byte> key, ulong hash, ulong series)
        {
            if (ArenaBytes - _arenaUsed < key.Length)
            {
                // A new list: readers may be walking the old one.
                _arenas = [.. _arenas, new byte[Math.Max(ArenaBytes, key.Length)]];
                _arenaUsed = 0;
            }
            key.CopyTo(_arenas[^1].AsSpan(_arenaUsed));
            Place(hash, series, (long)(_arenas.Count - 1) << 32 | (uint)_arenaUsed, key.Length);
            _arenaUsed = _arenas[^1].Length > ArenaBytes ? ArenaBytes : _arenaUsed + key.Length;
        }

        public Table Grown()
        {
            var larger = new Table(Hashes.Length * 2) { _arenas = _arenas, _arenaUsed = _arenaUsed };
            for (int slot = 0; slot < Hashes.Length; slot++)
                if (Hashes[slot] != 0) larger.Place(Hashes[slot], Series[slot], _places[slot], _lengths[slot]);
            return larger;
        }

        void Place(ulong hash, ulong series, long place, int length)
        {
            int mask = Hashes.Length - 1, slot = (int)(hash & (uint)mask);
            while (Hashes[slot] != 0) slot = (slot + 1) & mask;
            Series[slot] = series;
            _places[slot] = place;
            _lengths[slot] = length;
            Volatile.Write(ref Hashes[slot], hash);
            Count++;
        }

        ReadOnlySpan<byte> KeyAt(int slot) => _arenas[(int)(_places[slot] >> 32)].AsSpan((int)_places[slot], _lengths[slot]);
    }
}
