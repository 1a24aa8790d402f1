using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>
/// A place in a chunk's bits before which nothing need be decoded: the codec's state there. In a block, of a chunk coded value by value only
/// <see cref="Bits"/> is used besides the state, of a packed one only the last value.
/// </summary>
unsafe struct ChunkPosition
{
    /// <summary>Samples before the place.</summary>
    public ushort Index;
    /// <summary>Bits of the stretch before the place.</summary>
    public ushort Bits;
    /// <summary>The stretch's place in the row.</summary>
    public int Stretch;
    /// <summary>Its words.</summary>
    public ulong* Words;
    public ValueCodecState Values;
}

/// <summary>
/// Remembers, for chunks that were read from the middle, places to begin at: bits decode one after the other, and most queries want the end of a
/// chunk that holds hours. A place says the same for ever, for chunks only grow at their end; the table is bounded and forgets by overwriting.
/// Safe for concurrent use: an entry being written counts as absent.
/// </summary>
static unsafe class ChunkSeeker
{
    /// <summary>Places lie this many samples apart.</summary>
    public const int Spacing = 64;

    const int Entries = 1 << 17;

    /// <summary>One cache line.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    struct Entry
    {
        /// <summary>Odd while the entry is being written; 0: never was.</summary>
        public int Version;
        public uint Owner;
        public nint Chunk;
        public ChunkPosition Position;
    }

    static uint s_owners;

    /// <summary>Pages of it that are never written to cost nothing.</summary>
    static readonly Entry* s_table = (Entry*)NativeMemory.AllocZeroed(Entries, (nuint)sizeof(Entry));

    /// <summary>A number for a generation or an open block; never 0.</summary>
    public static uint NewOwner() => Interlocked.Increment(ref s_owners);

    /// <summary>The last known place at or before a sample; false if there is none close by.</summary>
    /// <param name="owner">From <see cref="NewOwner"/>: chunks of another one may have had the same name.</param>
    /// <param name="chunk">A multiple of 8: the address of a chunk of the head, or eight times the offset of a chunk of a block.</param>
    public static bool TryFind(uint owner, nint chunk, int index, out ChunkPosition position)
    {
        int boundary = index & -Spacing;
        if (boundary > 0 && TryRead(owner, chunk, boundary, out position)) return true;
        if (boundary > Spacing && TryRead(owner, chunk, boundary - Spacing, out position)) return true;
        position = default;
        return false;
    }

    public static void Remember(uint owner, nint chunk, in ChunkPosition position)
    {
        ref var entry = ref s_table[PlaceOf(chunk, position.Index)];
        int version = Volatile.Read(ref entry.Version);
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref entry.Version, version | 1, version) != version) return;
        entry.Owner = owner;
        entry.Chunk = chunk;
        entry.Position = position;
        Volatile.Write(ref entry.Version, unchecked(version + 2) is var next && next == 0 ? 2 : next);
    }

    static bool TryRead(uint owner, nint chunk, int index, out ChunkPosition position)
    {
        ref var entry = ref s_table[PlaceOf(chunk, index)];
        int version = Volatile.Read(ref entry.Version);
        position = entry.Position;
        bool matches = version != 0 && (version & 1) == 0 && entry.Chunk == chunk && entry.Owner == owner && position.Index == index;
        // Nothing of the copy above may have been read after the version is looked at again.
        Volatile.ReadBarrier();
        return matches && Volatile.Read(ref entry.Version) == version;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int PlaceOf(nint chunk, int index) =>
        unchecked((int)(((ulong)chunk + (ulong)(index / Spacing)) * 0x9e3779b97f4a7c15 >> 47));
}
