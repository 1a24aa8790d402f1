using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Puts samples that are in the log into the chunks of the youngest generation, where readers see them at once. Belongs to the owner of
/// the append lock.
/// </summary>
sealed unsafe class HeadWriter(HeadIndex index, Generation generation)
{
    /// <summary>Pages of fewer series keep their timestamps in the chunks: a column of 8-byte timestamps would cost more.</summary>
    const int SharedColumnSeriesMin = 8;

    /// <summary>Series whose memory is on its way.</summary>
    const int PrefetchAhead = 12;

    readonly ByteBuffer _histogramBytes = new();

    /// <summary>The youngest generation.</summary>
    public Generation Generation { get; private set; } = generation;

    /// <summary>What is appended from now on belongs to <paramref name="generation"/>.</summary>
    public void SwitchTo(Generation generation) => Generation = generation;

    /// <summary>One sample for each series of a page, newer than their last ones.</summary>
    public void AppendPage(LogPage page, long timestampMs, ReadOnlySpan<double> values)
    {
        var slots = page.Slots;
        if (slots.Length < SharedColumnSeriesMin)
        {
            page.Generation = Generation.Number;
            for (int i = 0; i < slots.Length; i++) Append(slots[i], timestampMs, values[i]);
            return;
        }
        var column = ColumnOf(page, timestampMs);
        int position = column.Count;
        column.Add(timestampMs);
        AppendValues(slots, column.Id, position, timestampMs, values);
        Generation.NoteSamples(slots.Length, timestampMs, timestampMs);
    }

    /// <summary>
    /// Whether all series have samples, and all are older. Series states are scattered over memory, and so are their chunks: those further on
    /// are asked for while the first are looked at, here and in <see cref="AppendPage"/>.
    /// </summary>
    public bool IsNewerThanAllOf(ReadOnlySpan<int> slots, long timestampMs)
    {
        var series = index.Series;
        uint generation = Generation.Number;
        for (int i = 0; i < slots.Length; i++)
        {
            if (i + PrefetchAhead < slots.Length) Prefetch(series.PointerTo(slots[i + PrefetchAhead]));
            var state = series.PointerTo(slots[i]);
            if (state->LastTimeMs >= timestampMs || state->LastTimeMs == SeriesState.NoSample) return false;
            if (state->OpenGeneration == generation) Prefetch(state->Open);
        }
        return true;
    }

    void AppendValues(ReadOnlySpan<int> slots, int columnId, int position, long timestampMs, ReadOnlySpan<double> values)
    {
        var arena = Generation.Arena;
        uint generation = Generation.Number;
        var states = index.Series;
        for (int i = 0; i < slots.Length; i++)
        {
            if (i + PrefetchAhead < slots.Length)
            {
                var later = states.PointerTo(slots[i + PrefetchAhead]);
                if (later->OpenGeneration == generation) Prefetch(Chunk.NextTouchedOf(later->Open));
            }
            int slot = slots[i];
            ref var series = ref *states.PointerTo(slot);
            var chunk = series.OpenGeneration == generation ? series.Open : null;
            if (chunk == null || chunk->Column != columnId || chunk->Count >= Chunk.SamplesMax || chunk->Kind != ChunkKind.Float
                || chunk->ColumnStart + chunk->Count != position)
                chunk = Open(ref series, slot, ChunkKind.Float, columnId, position, timestampMs);
            var sink = new Chunk.Sink(chunk, arena);
            ValueCodec.Encode(ref chunk->Values, values[i], ref sink);
            chunk->Count++;
            series.LastTimeMs = timestampMs;
            series.LastBits = BitConverter.DoubleToUInt64Bits(values[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Prefetch(void* address)
    {
        if (Sse.IsSupported) Sse.Prefetch0(address);
    }

    /// <summary>One sample, newer than the last one of its series.</summary>
    public void Append(int slot, long timestampMs, double value)
    {
        ref var series = ref index.Series[slot];
        var chunk = OpenOwn(ref series, slot, ChunkKind.Float, timestampMs);
        AppendOwn(chunk, timestampMs, value);
        series.LastTimeMs = timestampMs;
        series.LastBits = BitConverter.DoubleToUInt64Bits(value);
    }

    public void Append(int slot, long timestampMs, FloatHistogram histogram)
    {
        ref var series = ref index.Series[slot];
        AppendOwn(OpenOwn(ref series, slot, ChunkKind.Histogram, timestampMs), timestampMs, histogram);
        if (timestampMs < series.LastTimeMs) return;    // a newer float of the same batch was appended before
        series.LastTimeMs = timestampMs;
        series.LastBits = HistogramCodec.Digest(histogram);
    }

    /// <summary>One sample older than the newest of its series.</summary>
    public void AppendOutOfOrder(int slot, long timestampMs, double value)
    {
        AppendOwn(OutOfOrderChunk(slot, ChunkKind.Float, timestampMs), timestampMs, value);
    }

    /// <inheritdoc cref="AppendOutOfOrder(int, long, double)"/>
    public void AppendOutOfOrder(int slot, long timestampMs, FloatHistogram histogram) =>
        AppendOwn(OutOfOrderChunk(slot, ChunkKind.Histogram, timestampMs), timestampMs, histogram);

    Chunk* OutOfOrderChunk(int slot, ChunkKind kind, long timestampMs)
    {
        var chunk = Generation.NewestChunkOf(slot);
        while (chunk != null && !(chunk->IsOutOfOrder && chunk->Kind == kind && chunk->Count < Chunk.SamplesMax)) chunk = chunk->Older;
        if (chunk != null) return chunk;
        index.Series[slot].LastGeneration = Generation.Number;
        return Generation.BeginChunk(slot, kind, Chunk.OwnTimestamps, 0, timestampMs, outOfOrder: true);
    }

    /// <summary>The time column that an open chunk of one of these series continues; null if there is none.</summary>
    public TimeColumn? ContinuedColumn(ReadOnlySpan<int> slots)
    {
        int step = Math.Max(1, slots.Length / 4);
        for (int i = 0; i < slots.Length; i += step)
        {
            ref var series = ref index.Series[slots[i]];
            if (series.OpenGeneration != Generation.Number || series.Open->Column == Chunk.OwnTimestamps) continue;
            var column = Generation.ColumnOf(series.Open->Column);
            if (series.Open->ColumnStart + series.Open->Count == column.Count) return column;
        }
        return null;
    }

    /// <summary>A page whose shape changed a little goes on in the column of its predecessor: otherwise every series would need a new chunk.</summary>
    TimeColumn ColumnOf(LogPage page, long timestampMs)
    {
        bool isCurrent = page.Column is not null && page.Generation == Generation.Number && page.Column.LastTimeMs < timestampMs;
        if (!isCurrent)
            page.Column = ContinuedColumn(page.Slots) is { } column && column.LastTimeMs < timestampMs ? column : Generation.AddColumn();
        page.Generation = Generation.Number;
        return page.Column!;
    }

    Chunk* OpenOwn(ref SeriesState series, int slot, ChunkKind kind, long timestampMs)
    {
        var chunk = series.OpenGeneration == Generation.Number ? series.Open : null;
        if (chunk != null && chunk->Column == Chunk.OwnTimestamps && chunk->Count < Chunk.SamplesMax && chunk->Kind == kind) return chunk;
        return Open(ref series, slot, kind, Chunk.OwnTimestamps, 0, timestampMs);
    }

    Chunk* Open(ref SeriesState series, int slot, ChunkKind kind, int column, int columnStart, long timestampMs)
    {
        series.Open = Generation.BeginChunk(slot, kind, column, columnStart, timestampMs);
        series.OpenGeneration = series.LastGeneration = Generation.Number;
        return series.Open;
    }

    void AppendOwn(Chunk* chunk, long timestampMs, FloatHistogram histogram)
    {
        _histogramBytes.Clear();
        HistogramCodec.Write(_histogramBytes, histogram);
        var sink = new Chunk.Sink(chunk, Generation.Arena);
        var own = Chunk.OwnTimesOf(chunk);
        TimestampCodec.Encode(ref own->Codec, timestampMs, ref sink);
        sink.Write((ulong)_histogramBytes.Length, 32);
        foreach (byte b in _histogramBytes.Written) sink.Write(b, 8);
        if (timestampMs < own->MinTimeMs) own->MinTimeMs = timestampMs;
        if (timestampMs > own->MaxTimeMs) own->MaxTimeMs = timestampMs;
        chunk->Count++;
        Generation.NoteSamples(1, timestampMs, timestampMs);
    }

    void AppendOwn(Chunk* chunk, long timestampMs, double value)
    {
        var sink = new Chunk.Sink(chunk, Generation.Arena);
        var own = Chunk.OwnTimesOf(chunk);
        TimestampCodec.Encode(ref own->Codec, timestampMs, ref sink);
        ValueCodec.Encode(ref chunk->Values, value, ref sink);
        if (timestampMs < own->MinTimeMs) own->MinTimeMs = timestampMs;
        if (timestampMs > own->MaxTimeMs) own->MaxTimeMs = timestampMs;
        chunk->Count++;
        Generation.NoteSamples(1, timestampMs, timestampMs);
    }
}
