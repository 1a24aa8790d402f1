using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// A whole chunk of native histograms: runs of histograms of one shape (schema, spans, bounds), each as the first histogram and then a column per number
/// (sum, count, zero count, each bucket), encoded like the values of a float chunk. Layout: docs/formats/values.md. Exact for every bit pattern.
/// </summary>
static class HistogramRunCodec
{
    /// <summary>Numbers of a histogram besides its buckets: sum, count, zero count.</summary>
    const int FixedColumns = 3;

    public static void Write(ByteBuffer output, ReadOnlySpan<FloatHistogram?> histograms, ChunkEncoder encoder)
    {
        var column = new ByteBuffer(256);
        var values = new double[histograms.Length];
        for (int start = 0, end; start < histograms.Length; start = end)
        {
            var first = histograms[start]!;
            for (end = start + 1; end < histograms.Length && HaveSameShape(first, histograms[end]!); end++)
            {
            }
            output.WriteVarint((ulong)(end - start));
            HistogramCodec.Write(output, first);
            if (end - start == 1) continue;
            for (int number = 0; number < ColumnsOf(first); number++)
            {
                for (int i = start; i < end; i++) values[i - start] = NumberOf(histograms[i]!, number);
                column.Clear();
                output.WriteByte((byte)encoder.Encode(values.AsSpan(0, end - start), column));
                output.WriteVarint((ulong)column.Length);
                output.WriteBytes(column.Written);
            }
        }
    }

    /// <summary>Appends the histograms from <paramref name="start"/> up to <paramref name="end"/>, as far as the bytes hold them.</summary>
    /// <param name="times">Of the whole chunk.</param>
    public static void Read(ReadOnlySpan<byte> bytes, ReadOnlySpan<long> times, int start, int end, SampleColumns output)
    {
        var input = new ByteReader(bytes);
        double[] values = [];
        for (int at = 0; at < end && !input.Failed;)
        {
            ulong wide = input.ReadVarint();
            if (wide == 0 || wide > (ulong)(times.Length - at)) return;
            int length = (int)wide;
            if (HistogramCodec.Read(ref input) is not { } first) return;
            int from = Math.Max(start, at), until = Math.Min(end, at + length);
            var run = new FloatHistogram[Math.Max(0, until - from)];
            for (int i = 0; i < run.Length; i++) run[i] = i == 0 && from == at ? first : first.Copy();
            if (length > 1)
            {
                if (values.Length < length) values = new double[length];
                for (int number = 0; number < ColumnsOf(first); number++)
                {
                    var encoding = (ChunkEncoding)input.ReadByte();
                    var column = input.ReadBytes(input.ReadCount());
                    if (run.Length == 0) continue;
                    if (input.Failed || !ChunkEncoder.TryDecode(encoding, column, values.AsSpan(0, length))) return;
                    for (int i = 0; i < run.Length; i++) SetNumber(run[i], number, values[from - at + i]);
                }
                if (input.Failed) return;
            }
            for (int i = 0; i < run.Length; i++) output.Add(times[from + i], run[i]);
            at += length;
        }
    }

    static int ColumnsOf(FloatHistogram histogram) => FixedColumns + histogram.PositiveBuckets.Length + histogram.NegativeBuckets.Length;

    static double NumberOf(FloatHistogram histogram, int number) => number switch
    {
        0 => histogram.Sum,
        1 => histogram.Count,
        2 => histogram.ZeroCount,
        _ when number - FixedColumns < histogram.PositiveBuckets.Length => histogram.PositiveBuckets[number - FixedColumns],
        _ => histogram.NegativeBuckets[number - FixedColumns - histogram.PositiveBuckets.Length],
    };

    static void SetNumber(FloatHistogram histogram, int number, double value)
    {
        switch (number)
        {
            case 0: histogram.Sum = value; break;
            case 1: histogram.Count = value; break;
            case 2: histogram.ZeroCount = value; break;
            case var bucket when bucket - FixedColumns < histogram.PositiveBuckets.Length: histogram.PositiveBuckets[bucket - FixedColumns] = value; break;
            default: histogram.NegativeBuckets[number - FixedColumns - histogram.PositiveBuckets.Length] = value; break;
        }
    }

    static bool HaveSameShape(FloatHistogram a, FloatHistogram b) =>
        a.Schema == b.Schema && a.CounterResetHint == b.CounterResetHint
        && BitConverter.DoubleToInt64Bits(a.ZeroThreshold) == BitConverter.DoubleToInt64Bits(b.ZeroThreshold)
        && a.PositiveBuckets.Length == b.PositiveBuckets.Length && a.NegativeBuckets.Length == b.NegativeBuckets.Length
        && a.PositiveSpans.AsSpan().SequenceEqual(b.PositiveSpans) && a.NegativeSpans.AsSpan().SequenceEqual(b.NegativeSpans)
        && System.Runtime.InteropServices.MemoryMarshal.AsBytes(a.CustomValues.AsSpan())
            .SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes(b.CustomValues.AsSpan()));
}
