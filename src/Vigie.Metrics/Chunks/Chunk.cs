using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

enum ChunkKind : byte
{
    Float = 0,
    Histogram = 1,
}

/// <summary>What a chunk with timestamps of its own has besides: the time it covers, and the state of their codec.</summary>
[StructLayout(LayoutKind.Sequential)]
struct OwnTimes
{
    public long MinTimeMs;
    /// <summary>Grows until the chunk is full; never smaller than that of the published samples.</summary>
    public long MaxTimeMs;
    public TimestampCodecState Codec;
}

/// <summary>
/// Samples of one series in the head, compressed, in a <see cref="Generation"/>'s arena. The append lock's owner writes; readers take
/// <see cref="Count"/> first and then may rely on everything that the first that many samples need. Bits behind them may change.
/// </summary>
/// <remarks>
/// Timestamps are either a run of a <see cref="TimeColumn"/> shared with the series of the same page (then the bits are values only), or
/// the chunk's own (then a timestamp precedes each value). In memory: this header (one cache line), <see cref="OwnTimes"/> if the
/// timestamps are its own, then the first stretch of bits. A stretch is a word that links to the next one, then its words; how many is
/// given by its place in the row, so that small chunks stay small and the unused end of a large one is a small part of it.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
unsafe struct Chunk
{
    public const int SamplesMax = 512;
    /// <summary><see cref="Column"/> of a chunk with timestamps of its own.</summary>
    public const int OwnTimestamps = -1;

    /// <summary>The chunk of the same series that was begun before this one; never changes.</summary>
    public Chunk* Older;
    ulong* _lastWords;
    public int Column;
    public int ColumnStart;
    ushort _count;
    ushort _bitsInLast;
    ushort _stretches;
    byte _wordsInLast;
    byte _flags;
    public ValueCodecState Values;

    const byte HistogramFlag = 1;
    const byte OutOfOrderFlag = 2;

    /// <summary>Words of a row's stretches; all further ones are as long as the last. Bits in a stretch must fit <see cref="_bitsInLast"/>.</summary>
    static ReadOnlySpan<byte> StretchWords => [3, 3, 4, 5, 7, 9, 12, 16, 24, 32, 48, 62];

    public int Count
    {
        get => Volatile.Read(ref _count);
        set => Volatile.Write(ref _count, (ushort)value);
    }

    public readonly ChunkKind Kind => (_flags & HistogramFlag) != 0 ? ChunkKind.Histogram : ChunkKind.Float;

    /// <summary>Holds samples that came out of order: timestamps in any order.</summary>
    public readonly bool IsOutOfOrder => (_flags & OutOfOrderFlag) != 0;

    public static Chunk* Create(Arena arena, Chunk* older, ChunkKind kind, int column, int columnStart, long timestampMs, bool outOfOrder)
    {
        int header = sizeof(Chunk) + (column == OwnTimestamps ? sizeof(OwnTimes) : 0);
        var chunk = (Chunk*)arena.Allocate(header + ((1 + StretchWords[0]) * sizeof(ulong)));
        chunk->Older = older;
        chunk->Column = column;
        chunk->ColumnStart = columnStart;
        chunk->_flags = (byte)((kind == ChunkKind.Histogram ? HistogramFlag : 0) | (outOfOrder ? OutOfOrderFlag : 0));
        chunk->_lastWords = FirstWordsOf(chunk);
        chunk->_wordsInLast = StretchWords[0];
        chunk->_stretches = 1;
        if (column == OwnTimestamps) OwnTimesOf(chunk)->MinTimeMs = OwnTimesOf(chunk)->MaxTimeMs = timestampMs;
        return chunk;
    }

    /// <summary>Only of a chunk with timestamps of its own.</summary>
    public static OwnTimes* OwnTimesOf(Chunk* chunk) => (OwnTimes*)(chunk + 1);

    /// <summary>The time that the first <paramref name="count"/> samples cover, or a little more.</summary>
    /// <param name="count">At least 1.</param>
    public static TimeRange TimesOf(Chunk* chunk, Generation generation, int count)
    {
        if (chunk->Column == OwnTimestamps) return new TimeRange(OwnTimesOf(chunk)->MinTimeMs, OwnTimesOf(chunk)->MaxTimeMs);
        var run = generation.ColumnOf(chunk->Column).Run(chunk->ColumnStart, count);
        return new TimeRange(run[0], run[^1]);
    }

    /// <summary>Copies the bits of a stretch and of those behind it to one place.</summary>
    /// <param name="words">The first word of the stretch.</param>
    /// <param name="stretch">Its place in the row.</param>
    /// <param name="destination">Grows as needed.</param>
    /// <returns>The words copied.</returns>
    public static int CopyWords(ulong* words, int stretch, ref ulong[] destination)
    {
        int at = 0;
        for (; words != null; words = NextOf(words))
        {
            int length = LengthOf(stretch++);
            if (at + length > destination.Length) Array.Resize(ref destination, (at + length) * 2);
            new ReadOnlySpan<ulong>(words, length).CopyTo(destination.AsSpan(at));
            at += length;
        }
        return at;
    }

    /// <summary>Where the next bits go, or the chunk itself while its value is at rest; for prefetching.</summary>
    public static void* NextTouchedOf(Chunk* chunk) =>
        chunk->Values.Resting != 0 ? chunk : chunk->_lastWords + (chunk->_bitsInLast >> 6);

    public static ulong* FirstWordsOf(Chunk* chunk) =>
        (ulong*)((byte*)(chunk + 1) + (chunk->Column == OwnTimestamps ? sizeof(OwnTimes) : 0)) + 1;

    /// <summary>The link stands before the words.</summary>
    public static ulong* NextOf(ulong* words) => (ulong*)Volatile.Read(ref *(nint*)(words - 1));

    /// <summary>Words of a stretch.</summary>
    public static int LengthOf(int stretch) => StretchWords[Math.Min(stretch, StretchWords.Length - 1)];

    /// <summary>Appends bits to a chunk; used by the owner of the append lock only.</summary>
    public readonly struct Sink(Chunk* chunk, Arena arena) : IBitSink
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(ulong bits, int count)
        {
            unchecked
            {
                int at = chunk->_bitsInLast;
                int word = at >> 6, shift = at & 63;
                if (word < chunk->_wordsInLast && shift + count <= 64)
                {
                    // Words begin as zeros: that of a value at rest stays untouched.
                    if (bits != 0) chunk->_lastWords[word] |= bits << shift;
                    chunk->_bitsInLast = (ushort)(at + count);
                    return;
                }
                WriteAcross(bits, count, word, shift);
            }
        }

        /// <summary>The bits do not fit into the word that is open.</summary>
        void WriteAcross(ulong bits, int count, int word, int shift)
        {
            unchecked
            {
                if (word == chunk->_wordsInLast)
                {
                    Grow();
                    word = 0;
                }
                chunk->_lastWords[word] |= bits << shift;
                int end = shift + count;
                if (end > 64)
                {
                    if (++word == chunk->_wordsInLast)
                    {
                        Grow();
                        word = 0;
                    }
                    chunk->_lastWords[word] = bits >> (64 - shift);
                    end -= 64;
                }
                chunk->_bitsInLast = (ushort)((word << 6) + end);
            }
        }

        void Grow()
        {
            int length = LengthOf(chunk->_stretches);
            ulong* words = (ulong*)arena.Allocate((1 + length) * sizeof(ulong)) + 1;
            Volatile.Write(ref *(nint*)(chunk->_lastWords - 1), (nint)words);
            chunk->_lastWords = words;
            chunk->_wordsInLast = (byte)length;
            if (chunk->_stretches < ushort.MaxValue) chunk->_stretches++;
        }
    }
}
