using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Chunks;

public class HistogramRunCodecTests
{
    public static IEnumerable<TheoryDataRow<ulong>> Seeds => SeededRandom.Seeds(30).Select(static seed => new TheoryDataRow<ulong>(seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_AnyStretchOfAnyChunk_IsWhatWasWritten(ulong seed)
    {
        var random = new SeededRandom(seed);
        var histograms = Random(random, random.Next(1, 200));
        long[] times = [.. Enumerable.Range(0, histograms.Length).Select(static i => i * 1000L)];
        byte[] bytes = Write(histograms);
        for (int round = 0; round < 10; round++)
        {
            int start = round == 0 ? 0 : random.Next(histograms.Length), end = round == 0 ? histograms.Length : random.Next(start, histograms.Length + 1);
            var output = new SampleColumns();
            HistogramRunCodec.Read(bytes, times, start, end, output);
            Assert.Equal(times[start..end], output.Timestamps.ToArray());
            for (int i = start; i < end; i++) Assert.Equal(Text(histograms[i]), Text(output.Histograms[i - start]!));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_DamagedBytes_NeverThrows(ulong seed)
    {
        var random = new SeededRandom(seed);
        var histograms = Random(random, 50);
        byte[] bytes = Write(histograms);
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = [.. bytes[..random.Next(1, bytes.Length + 1)]];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            HistogramRunCodec.Read(damaged, new long[50], 0, 50, new SampleColumns());
        }
    }

    [Fact]
    public void Write_CounterOfOneShape_TakesAFewBytesPerHistogram()
    {
        var histograms = Enumerable.Range(1, 480).Select(static k => new FloatHistogram
        {
            Schema = 3, Count = k * 36, Sum = k * 1.5, ZeroThreshold = 1e-128, PositiveSpans = [new(0, 8)],
            PositiveBuckets = [k, k * 2, k * 3, k * 4, k * 5, k * 6, k * 7, k * 8],
        }).ToArray();
        Assert.InRange(Write(histograms).Length, 1, 480);
    }

    static byte[] Write(FloatHistogram[] histograms)
    {
        var output = new ByteBuffer();
        HistogramRunCodec.Write(output, histograms, new ChunkEncoder());
        return output.Written.ToArray();
    }

    static FloatHistogram[] Random(SeededRandom random, int count)
    {
        var histograms = new List<FloatHistogram>();
        while (histograms.Count < count)
        {
            int buckets = random.Next(0, 6), negative = random.Next(0, 3);
            bool whole = random.Next(3) > 0, custom = random.Next(4) == 0;
            for (int run = random.Next(1, 40); run > 0 && histograms.Count < count; run--)
            {
                double Number() => whole ? random.Next(100_000) : BitConverter.Int64BitsToDouble(random.NextInt64());
                histograms.Add(new FloatHistogram
                {
                    Schema = custom ? FloatHistogram.CustomBucketsSchema : 2, Count = Number(), Sum = Number(), ZeroCount = Number(), ZeroThreshold = 1e-9,
                    CounterResetHint = (CounterResetHint)random.Next(4),
                    PositiveSpans = buckets == 0 ? [] : [new(-1, buckets)], PositiveBuckets = [.. Enumerable.Range(0, buckets).Select(_ => Number())],
                    NegativeSpans = negative == 0 ? [] : [new(2, negative)], NegativeBuckets = [.. Enumerable.Range(0, negative).Select(_ => Number())],
                    CustomValues = custom ? [0.5, 1, 2] : [],
                });
            }
        }
        return [.. histograms];
    }

    static string Text(FloatHistogram h) => string.Join(' ', new object[] { h.Schema, h.CounterResetHint, Bits(h.ZeroThreshold, h.Sum, h.Count, h.ZeroCount),
        Bits(h.PositiveBuckets), Bits(h.NegativeBuckets), Bits(h.CustomValues), string.Join(',', h.PositiveSpans), string.Join(',', h.NegativeSpans) });

    static string Bits(params double[] values) => string.Join(',', values.Select(BitConverter.DoubleToInt64Bits));
}
