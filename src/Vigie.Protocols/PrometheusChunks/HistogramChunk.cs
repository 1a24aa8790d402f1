using System.Buffers.Binary;
using Vigie.Model;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>
/// Chunks of native histograms (chunks.md): number of samples 2, flags 1, then bits: layout and samples. Whole counts are second differences of
/// what each bucket adds to the one before it; float counts are XORed each with its own. A staleness marker is a histogram whose sum is the
/// stale NaN, without buckets, and stands at the end.
/// </summary>
static class HistogramChunk
{
    public const byte CounterReset = 0b1000_0000;
    public const byte Gauge = 0b1100_0000;
    const byte ResetMask = 0b1100_0000;
    const int HeaderBytes = 3;
    const int SchemaMax = 8;

    /// <summary>False if the bytes are no histogram chunk; then nothing is added. Staleness markers come out as stale floats.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> chunk, bool wholeCounts, SampleColumns output)
    {
        if (chunk.Length < HeaderBytes) return false;
        int count = BinaryPrimitives.ReadUInt16BigEndian(chunk);
        if (count == 0) return true;
        int start = output.Count;
        var input = new ChunkBitReader(chunk[HeaderBytes..]);
        if (HistogramLayout.TryRead(ref input) is not { } layout) return false;
        byte flags = (byte)(chunk[2] & ResetMask);
        var counts = wholeCounts ? default : new XorCounts(layout);
        var whole = wholeCounts ? new WholeCounts(layout) : default;
        long time = 0, delta = 0;
        for (int i = 0; i < count; i++)
        {
            long read = Varbit.ReadSigned(ref input);
            if (i == 0)
            {
                time = read;
            }
            else
            {
                delta = unchecked(delta + read);
                time = unchecked(time + delta);
            }
            var histogram = wholeCounts ? whole.Read(ref input, i == 0) : counts.Read(ref input, i == 0);
            if (input.Overrun)
            {
                output.Truncate(start);
                return false;
            }
            if (histogram is null)
            {
                output.Add(time, StaleMarker.Value);
                continue;
            }
            histogram.CounterResetHint = HintOf(flags, i);
            if (histogram.Schema > SchemaMax) histogram.ReduceResolution(SchemaMax);        // written by a version with finer ones
            output.Add(time, histogram);
        }
        return true;
    }

    /// <summary>
    /// Within a chunk there is no reset. What came before its first histogram may have been deleted, so the header's word on that does not count.
    /// </summary>
    static CounterResetHint HintOf(byte flags, int index) => flags == Gauge ? CounterResetHint.Gauge
        : index > 0 ? CounterResetHint.NotCounterReset : CounterResetHint.Unknown;

    /// <param name="histograms">Null for staleness markers, which only others may follow. All fit the layout.</param>
    public static void Encode(
        ReadOnlySpan<long> times, ReadOnlySpan<FloatHistogram?> histograms, HistogramLayout layout, byte flags, bool wholeCounts,
        ChunkBitWriter output)
    {
        output.Write((ulong)times.Length, 16);
        output.Write(flags, 8);
        layout.Write(output);
        var counts = wholeCounts ? default : new XorCounts(layout);
        var whole = wholeCounts ? new WholeCounts(layout) : default;
        long delta = 0;
        for (int i = 0; i < times.Length; i++)
        {
            unchecked
            {
                long next = i == 0 ? times[0] : times[i] - times[i - 1];
                Varbit.WriteSigned(output, i == 0 ? next : next - delta);
                delta = i == 0 ? 0 : next;
            }
            if (wholeCounts) whole.Write(output, histograms[i], i == 0);
            else counts.Write(output, histograms[i], i == 0);
        }
    }
}
