using System.Runtime.InteropServices;
using Vigie.Storage;

namespace Vigie.Metrics;

enum ChunkKind : byte
{
    Float = 0,
    Histogram = 1,
}

/// <summary>A stretch of a chunk's bits: this header, then <see cref="Words"/> words.</summary>
[StructLayout(LayoutKind.Sequential)]
unsafe struct Extent
{
    public Extent* Next;
    public int Words;
    int _zero;

    public static ulong* WordsOf(Extent* extent) => (ulong*)(extent + 1);
}

/// <summary>
/// Samples of one series in the head, compressed, in a <see cref="Generation"/>'s arena. The append lock's owner writes; readers take
/// <see cref="Count"/> first and then may rely on everything that the first that many samples need. Bits behind them may change.
/// </summary>
/// <remarks>
/// Timestamps are either a run of a <see cref="TimeColumn"/> shared with the series of the same page (then the bits are values only), or
/// the chunk's own (then a timestamp precedes each value).
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
unsafe struct Chunk
{
    public const int SamplesMax = 512;
    /// <summary><see cref="Column"/> of a chunk with timestamps of its own.</summary>
    public const int OwnTimestamps = -1;
    const int FirstExtentWords = 6;
    const int ExtentWordsMax = 62;

    /// <summary>The chunk of the same series that was begun before this one; never changes.</summary>
    public Chunk* Older;
    public long MinTimeMs;
    /// <summary>Grows until the chunk is full; never smaller than that of the published samples.</summary>
    public long MaxTimeMs;
    public Extent* First;
    public Extent* Last;
    int _count;
    public int BitsInLast;
    public int Column;
    public int ColumnStart;
    public ChunkKind Kind;
    /// <summary>Holds samples that came out of order: timestamps in any order.</summary>
    public bool OutOfOrder;
    public ValueCodecState Values;
    public TimestampCodecState Times;

    public int Count
    {
        get => Volatile.Read(ref _count);
        set => Volatile.Write(ref _count, value);
    }

    public static Chunk* Create(Arena arena, Chunk* older, ChunkKind kind, int column, int columnStart, long timestampMs)
    {
        var chunk = (Chunk*)arena.Allocate(sizeof(Chunk));
        chunk->Older = older;
        chunk->Kind = kind;
        chunk->Column = column;
        chunk->ColumnStart = columnStart;
        chunk->MinTimeMs = chunk->MaxTimeMs = timestampMs;
        chunk->First = chunk->Last = NewExtent(arena, FirstExtentWords);
        return chunk;
    }

    static Extent* NewExtent(Arena arena, int words)
    {
        var extent = (Extent*)arena.Allocate(sizeof(Extent) + (words * 8));
        extent->Words = words;
        return extent;
    }

    /// <summary>Words of all extents together.</summary>
    public static int WordCount(Chunk* chunk)
    {
        int words = 0;
        for (var extent = chunk->First; extent != null; extent = extent->Next) words += extent->Words;
        return words;
    }

    /// <summary>Copies the bits to one place; <paramref name="destination"/> has room for <see cref="WordCount"/> words.</summary>
    /// <returns>The words copied, possibly more than when they were counted, never more than there is room for.</returns>
    public static int CopyWords(Chunk* chunk, Span<ulong> destination)
    {
        int at = 0;
        for (var extent = chunk->First; extent != null && at + extent->Words <= destination.Length; extent = extent->Next)
        {
            new ReadOnlySpan<ulong>(Extent.WordsOf(extent), extent->Words).CopyTo(destination[at..]);
            at += extent->Words;
        }
        return at;
    }

    /// <summary>Appends bits to a chunk; used by the owner of the append lock only.</summary>
    public readonly struct Sink(Chunk* chunk, Arena arena) : IBitSink
    {
        public void Write(ulong bits, int count)
        {
            unchecked
            {
                var extent = chunk->Last;
                int at = chunk->BitsInLast;
                int word = at >> 6, shift = at & 63;
                if (word == extent->Words)
                {
                    extent = Grow();
                    word = 0;
                }
                ulong* words = Extent.WordsOf(extent);
                words[word] |= bits << shift;
                if (shift + count > 64)
                {
                    ulong rest = bits >> (64 - shift);
                    if (word + 1 < extent->Words)
                    {
                        words[word + 1] = rest;
                    }
                    else
                    {
                        int left = shift + count - 64;
                        Extent.WordsOf(Grow())[0] = rest;
                        chunk->BitsInLast = left;
                        return;
                    }
                }
                chunk->BitsInLast = (word << 6) + shift + count;
            }
        }

        Extent* Grow()
        {
            int words = Math.Min(ExtentWordsMax, (chunk->Last->Words * 2) + 2);
            var extent = NewExtent(arena, words);
            Volatile.Write(ref *(nint*)&chunk->Last->Next, (nint)extent);
            chunk->Last = extent;
            chunk->BitsInLast = 0;
            return extent;
        }
    }
}
