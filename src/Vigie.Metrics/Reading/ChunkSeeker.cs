using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Metrics;

/// <summary>A place in a chunk's bits before which nothing need be decoded: the codec's state there.</summary>
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
        public uint Generation;
        public Chunk* Chunk;
        public ChunkPosition Position;
    }

    /// <summary>Pages of it that are never written to cost nothing.</summary>
    static readonly Entry* s_table = (Entry*)NativeMemory.AllocZeroed(Entries, (nuint)sizeof(Entry));

    /// <summary>The last known place at or before a sample; false if there is none close by.</summary>
    /// <param name="generation">Identity of the generation: memory of another one may have had the same address.</param>
    public static bool TryFind(uint generation, Chunk* chunk, int index, out ChunkPosition position)
    {
        int boundary = index & -Spacing;
        if (boundary > 0 && TryRead(generation, chunk, boundary, out position)) return true;
        if (boundary > Spacing && TryRead(generation, chunk, boundary - Spacing, out position)) return true;
        position = default;
        return false;
    }

    public static void Remember(uint generation, Chunk* chunk, in ChunkPosition position)
    {
        ref var entry = ref s_table[PlaceOf(chunk, position.Index)];
        int version = Volatile.Read(ref entry.Version);
        if ((version & 1) != 0 || Interlocked.CompareExchange(ref entry.Version, version | 1, version) != version) return;
        entry.Generation = generation;
        entry.Chunk = chunk;
        entry.Position = position;
        Volatile.Write(ref entry.Version, unchecked(version + 2) is var next && next == 0 ? 2 : next);
    }

    static bool TryRead(uint generation, Chunk* chunk, int index, out ChunkPosition position)
    {
        ref var entry = ref s_table[PlaceOf(chunk, index)];
        int version = Volatile.Read(ref entry.Version);
        position = entry.Position;
        bool matches = version != 0 && (version & 1) == 0 && entry.Chunk == chunk && entry.Generation == generation && position.Index == index;
        // Nothing of the copy above may have been read after the version is looked at again.
        Volatile.ReadBarrier();
        return matches && Volatile.Read(ref entry.Version) == version;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int PlaceOf(Chunk* chunk, int index) =>
        unchecked((int)((((ulong)chunk >> 3) + (ulong)(index / Spacing)) * 0x9e3779b97f4a7c15 >> 47));
}
