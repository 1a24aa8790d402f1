using System.Runtime.InteropServices;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>Decodes chunks of the head into columns. Safe for concurrent use, also beside the writer.</summary>
static unsafe class ChunkReader
{
    [ThreadStatic] static ulong[]? _words;

    /// <summary>
    /// Appends a series' samples of one generation that lie in the range: those that came in order first, then the others; the caller sorts.
    /// </summary>
    public static void Read(Generation generation, int slot, TimeRange range, SampleColumns output)
    {
        var newest = generation.NewestChunkOf(slot);
        if (newest == null) return;
        int count = 0;
        for (var chunk = newest; chunk != null; chunk = chunk->Older) count++;
        Span<nint> chunks = count <= 64 ? stackalloc nint[count] : new nint[count];
        for (var chunk = newest; chunk != null; chunk = chunk->Older) chunks[--count] = (nint)chunk;
        foreach (nint chunk in chunks)
            if (!((Chunk*)chunk)->IsOutOfOrder) Read(generation, (Chunk*)chunk, range, output);
        foreach (nint chunk in chunks)
            if (((Chunk*)chunk)->IsOutOfOrder) Read(generation, (Chunk*)chunk, range, output);
    }

    /// <summary>True if the series may have samples in the range.</summary>
    public static bool Overlaps(Generation generation, int slot, TimeRange range)
    {
        for (var chunk = generation.NewestChunkOf(slot); chunk != null; chunk = chunk->Older)
            if (chunk->Count is > 0 and var count && Chunk.TimesOf(chunk, generation, count).Overlaps(range)) return true;
        return false;
    }

    /// <summary>Time of the series' first sample in a generation; <see cref="long.MaxValue"/> if it has none.</summary>
    public static long FirstOf(Generation generation, int slot)
    {
        long first = long.MaxValue;
        for (var chunk = generation.NewestChunkOf(slot); chunk != null; chunk = chunk->Older)
            if (chunk->Count is > 0 and var count) first = Math.Min(first, Chunk.TimesOf(chunk, generation, count).StartMs);
        return first;
    }

    static void Read(Generation generation, Chunk* chunk, TimeRange range, SampleColumns output)
    {
        int count = chunk->Count;
        if (count == 0 || !Chunk.TimesOf(chunk, generation, count).Overlaps(range)) return;
        if (chunk->Column != Chunk.OwnTimestamps && chunk->Kind == ChunkKind.Float)
        {
            ReadShared(generation, chunk, count, range, output);
            return;
        }
        var bits = BitsFrom(Chunk.FirstWordsOf(chunk), 0);
        if (chunk->Kind == ChunkKind.Histogram) ReadHistograms(ref bits, count, chunk->IsOutOfOrder, range, output);
        else ReadOwn(ref bits, count, chunk->IsOutOfOrder, range, output);
    }

    static BitReader BitsFrom(ulong* words, int stretch)
    {
        _words ??= new ulong[512];
        int copied = Chunk.CopyWords(words, stretch, ref _words);
        return new BitReader(MemoryMarshal.AsBytes(_words.AsSpan(0, copied)));
    }

    static void ReadShared(Generation generation, Chunk* chunk, int count, TimeRange range, SampleColumns output)
    {
        var times = generation.ColumnOf(chunk->Column).Run(chunk->ColumnStart, count);
        int start = LowerBound(times, range.StartMs);
        int end = range.EndMs == long.MaxValue ? times.Length : LowerBound(times, range.EndMs + 1);
        if (start >= end) return;
        if (!ChunkSeeker.TryFind(generation.Identity, (nint)chunk, start, out var position)) position.Words = Chunk.FirstWordsOf(chunk);
        var bits = BitsFrom(position.Words, position.Stretch);
        bits.Skip(position.Bits);
        SkipTo(start, generation.Identity, chunk, ref position, ref bits);
        output.Reserve(end - start, out var timestamps, out var values);
        times[start..end].CopyTo(timestamps);
        ValueCodec.DecodeRun(ref position.Values, ref bits, values);
        output.Commit(values.Length);
    }

    /// <summary>Decodes up to a sample, and remembers the last place before it where the next reader may begin.</summary>
    static void SkipTo(int start, uint generation, Chunk* chunk, ref ChunkPosition position, ref BitReader bits)
    {
        Span<double> passed = stackalloc double[ChunkSeeker.Spacing];
        long passedBits = 0;
        while (position.Index < start)
        {
            int step = Math.Min(ChunkSeeker.Spacing, start - position.Index);
            ValueCodec.DecodeRun(ref position.Values, ref bits, passed[..step]);
            position.Index += (ushort)step;
            if (step < ChunkSeeker.Spacing || start - position.Index >= ChunkSeeker.Spacing) continue;
            for (int length; bits.Position - passedBits > (length = Chunk.LengthOf(position.Stretch) * 64); position.Stretch++)
            {
                passedBits += length;
                position.Words = Chunk.NextOf(position.Words);
            }
            position.Bits = (ushort)(bits.Position - passedBits);
            ChunkSeeker.Remember(generation, (nint)chunk, position);
        }
    }

    static void ReadOwn(ref BitReader bits, int count, bool outOfOrder, TimeRange range, SampleColumns output)
    {
        var times = default(TimestampCodecState);
        var state = default(ValueCodecState);
        for (int i = 0; i < count; i++)
        {
            long timestamp = TimestampCodec.Decode(ref times, ref bits);
            double value = ValueCodec.Decode(ref state, ref bits);
            if (range.Contains(timestamp)) output.Add(timestamp, value);
            else if (timestamp > range.EndMs && !outOfOrder) return;
        }
    }

    static void ReadHistograms(ref BitReader bits, int count, bool outOfOrder, TimeRange range, SampleColumns output)
    {
        var times = default(TimestampCodecState);
        byte[] bytes = [];
        for (int i = 0; i < count; i++)
        {
            long timestamp = TimestampCodec.Decode(ref times, ref bits);
            int length = (int)bits.Read(32);
            if (timestamp > range.EndMs && !outOfOrder) return;
            if (!range.Contains(timestamp))
            {
                bits.Skip(length * 8);
                continue;
            }
            if (bytes.Length < length) bytes = new byte[length];
            for (int b = 0; b < length; b++) bytes[b] = (byte)bits.Read(8);
            var input = new ByteReader(bytes.AsSpan(0, length));
            if (HistogramCodec.Read(ref input) is { } histogram) output.Add(timestamp, histogram);
        }
    }

    /// <summary>Index of the first element that is not below <paramref name="value"/>.</summary>
    internal static int LowerBound(ReadOnlySpan<long> sorted, long value)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
