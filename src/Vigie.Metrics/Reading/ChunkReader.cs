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
        var words = _words ??= new ulong[512];
        int needed = Chunk.WordCount(chunk);
        if (words.Length < needed) words = _words = new ulong[needed * 2];
        int copied = Chunk.CopyWords(chunk, words);
        var bits = new BitReader(System.Runtime.InteropServices.MemoryMarshal.AsBytes(words.AsSpan(0, copied)));
        if (chunk->Kind == ChunkKind.Histogram) ReadHistograms(ref bits, count, range, output);
        else if (chunk->Column == Chunk.OwnTimestamps) ReadOwn(ref bits, count, chunk->IsOutOfOrder, range, output);
        else ReadShared(ref bits, generation.ColumnOf(chunk->Column).Run(chunk->ColumnStart, count), range, output);
    }

    static void ReadShared(ref BitReader bits, ReadOnlySpan<long> times, TimeRange range, SampleColumns output)
    {
        int start = LowerBound(times, range.StartMs);
        int end = range.EndMs == long.MaxValue ? times.Length : LowerBound(times, range.EndMs + 1);
        if (start >= end) return;
        var state = default(ValueCodecState);
        for (int i = 0; i < start; i++) ValueCodec.Decode(ref state, ref bits);
        output.Reserve(end - start, out var timestamps, out var values);
        times[start..end].CopyTo(timestamps);
        for (int i = 0; i < values.Length; i++) values[i] = ValueCodec.Decode(ref state, ref bits);
        output.Commit(values.Length);
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

    static void ReadHistograms(ref BitReader bits, int count, TimeRange range, SampleColumns output)
    {
        var times = default(TimestampCodecState);
        byte[] bytes = [];
        for (int i = 0; i < count; i++)
        {
            long timestamp = TimestampCodec.Decode(ref times, ref bits);
            int length = (int)bits.Read(32);
            if (timestamp > range.EndMs) return;
            if (timestamp < range.StartMs)
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
