using Vigie.Model;
using Vigie.Protocols.PrometheusChunks;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.PrometheusChunks;

/// <summary>The constants are chunks of a block that Prometheus 3.5 wrote from samples sent to it by remote write.</summary>
public class PrometheusChunkTests
{
    const long Base = 1_795_844_640_000;

    const string Floats = "000c80b4f48ac4680000000000000000e907c457fe5ffeec07000780ffffac1f5f1af21e44003acf7ffb00e7f21e44003acf00070004000000000000"
        + "c3f404999999999999b7ffa8003c3ffede15b045555557cbf669f4bc614ee6666678";
    const string WholeHistograms =
        "000700749ca5694dfc000344415d1a01600000000000000004631afc1d4c4e388bfff15c3097ffc136b1344d64a2c23018bdffb8000000000008";
    const string FloatHistograms = "000400ff3f50624dd2f1a9fc4628c63fc000344415d1a0080180000000000007fc0000000000001000000000000000080080000000000007fc"
        + "0000000000001f07531ac4f6233ff760322612fffeb13c99b03b10";
    const string GaugeHistograms = "0003c0f28c647f0000d11057468058000000000000000137c1d4c5d841ae358300";
    const string CustomBuckets = "00030000ee5c664ac3fd5555555555555fe0001a220ae8d00b00000000000000002318fc1d4c45841911ac18";

    [Fact]
    public void FloatChunkOfPrometheus_ReadsAndWritesTheSame()
    {
        double[] values = [0, 1, 1, 1.5, -2.25, 1e300, BitConverter.UInt64BitsToDouble(0x7ff8000000000000), double.PositiveInfinity, 0.1, 0.1, 12345678.9];
        var samples = new SampleColumns();
        for (int i = 0; i < values.Length; i++) samples.Add(Base + (i * 1000) + (i % 3), values[i]);
        samples.Add(Base + 60_000, StaleMarker.Value);
        Check(PrometheusChunkEncoding.Xor, Floats, samples);
    }

    [Fact]
    public void WholeHistogramChunkOfPrometheus_WithGrowingLayoutAndStaleMarker_ReadsAndWritesTheSame()
    {
        var samples = new SampleColumns();
        for (int i = 0; i < 6; i++)
        {
            double[] buckets = i < 3 ? [1 + i, 2 + i, 3, 0] : [1 + i, 2 + i, 3, i];
            samples.Add(Base + (i * 15_000), new FloatHistogram
            {
                Count = buckets.Sum() + i, Sum = 1.5 * i, Schema = 3, ZeroThreshold = 2.938735877055719e-39, ZeroCount = i,
                PositiveSpans = [new(-2, 2), new(3, 2)], PositiveBuckets = buckets, CounterResetHint = HintAt(i),
            });
        }
        samples.Add(Base + 90_000, StaleMarker.Value);
        Check(PrometheusChunkEncoding.Histogram, WholeHistograms, samples);
    }

    [Fact]
    public void FloatHistogramChunkOfPrometheus_ReadsAndWritesTheSame()
    {
        var samples = new SampleColumns();
        for (int i = 0; i < 4; i++)
            samples.Add(Base + (i * 15_000), new FloatHistogram
            {
                Count = 3.5 + i, Sum = -1.25 * i, ZeroThreshold = 0.001, ZeroCount = 0.5, PositiveSpans = [new(0, 1)], PositiveBuckets = [2.5 + i],
                NegativeSpans = [new(1, 1)], NegativeBuckets = [0.5], CounterResetHint = HintAt(i),
            });
        Check(PrometheusChunkEncoding.FloatHistogram, FloatHistograms, samples);
    }

    [Fact]
    public void GaugeHistogramChunkOfPrometheus_ReadsAndWritesTheSame()
    {
        var samples = new SampleColumns();
        for (int i = 0; i < 3; i++)
            samples.Add(Base + (i * 15_000), new FloatHistogram
            {
                Count = 6 - i, Sum = 2.0 * i, Schema = 1, ZeroThreshold = 0.25, PositiveSpans = [new(0, 2)], PositiveBuckets = [3, 3 - i],
                CounterResetHint = CounterResetHint.Gauge,
            });
        Check(PrometheusChunkEncoding.Histogram, GaugeHistograms, samples);
    }

    [Fact]
    public void CustomBucketChunkOfPrometheus_ReadsAndWritesTheSame()
    {
        var samples = new SampleColumns();
        for (int i = 0; i < 3; i++)
            samples.Add(Base + (i * 15_000), new FloatHistogram
            {
                Count = 6 + i, Sum = 2.0 * i, Schema = FloatHistogram.CustomBucketsSchema, PositiveSpans = [new(0, 3)],
                PositiveBuckets = [1, 2, 3 + i], CustomValues = [0.005, 1 / 3.0], CounterResetHint = HintAt(i),
            });
        Check(PrometheusChunkEncoding.Histogram, CustomBuckets, samples);
    }

    [Theory]
    [InlineData(Floats, PrometheusChunkEncoding.Xor)]
    [InlineData(WholeHistograms, PrometheusChunkEncoding.Histogram)]
    [InlineData(FloatHistograms, PrometheusChunkEncoding.FloatHistogram)]
    [InlineData(CustomBuckets, PrometheusChunkEncoding.Histogram)]
    public void Decode_CutAnywhere_IsRefusedAndAddsNothing(string chunk, PrometheusChunkEncoding encoding)
    {
        byte[] bytes = Convert.FromHexString(chunk);
        var output = new SampleColumns();
        for (int length = 0; length < bytes.Length - 1; length++)
        {
            Assert.False(PrometheusChunkDecoder.TryDecode(encoding, bytes.AsSpan(0, length), output), $"{length} bytes");
            Assert.Equal(0, output.Count);
        }
    }

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Decode_FlippedBits_NeverFails(ulong seed)
    {
        var random = new SeededRandom(seed);
        var output = new SampleColumns();
        foreach (string chunk in new[] { Floats, WholeHistograms, FloatHistograms, GaugeHistograms, CustomBuckets })
        {
            for (int round = 0; round < 200; round++)
            {
                byte[] bytes = Convert.FromHexString(chunk);
                for (int flips = random.Next(1, 4); flips > 0; flips--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                output.Clear();
                bool read = PrometheusChunkDecoder.TryDecode((PrometheusChunkEncoding)random.Next(5), bytes, output);
                if (!read) Assert.Equal(0, output.Count);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Encode_AnySeries_DecodesToTheSame(ulong seed)
    {
        var random = new SeededRandom(seed);
        var samples = RandomSeries(random, random.Next(1, 600));
        var encoder = new PrometheusChunkEncoder();
        var read = new SampleColumns();
        for (int start = 0; start < samples.Count;)
        {
            int end = encoder.EncodeNext(samples, start, samples.Count);
            Assert.InRange(end - start, 1, PrometheusChunkEncoder.SamplesMax);
            Assert.True(PrometheusChunkDecoder.TryDecode(encoder.Encoding, encoder.Data, read));
            Assert.Equal(end, read.Count);
            start = end;
        }
        Same(samples, read, withHints: false);
    }

    [Fact]
    public void EncodeNext_CounterReset_BeginsAChunk()
    {
        var samples = new SampleColumns();
        foreach (double count in new[] { 5.0, 6, 2, 3 })
            samples.Add(samples.Count * 1000, new FloatHistogram { Count = count, PositiveSpans = [new(0, 1)], PositiveBuckets = [count] });
        var encoder = new PrometheusChunkEncoder();
        Assert.Equal(2, encoder.EncodeNext(samples, 0, 4));
        Assert.Equal(4, encoder.EncodeNext(samples, 2, 4));
    }

    static CounterResetHint HintAt(int index) => index == 0 ? CounterResetHint.Unknown : CounterResetHint.NotCounterReset;

    static void Check(PrometheusChunkEncoding encoding, string chunk, SampleColumns expected)
    {
        var read = new SampleColumns();
        Assert.True(PrometheusChunkDecoder.TryDecode(encoding, Convert.FromHexString(chunk), read));
        Same(expected, read, withHints: true);
        var encoder = new PrometheusChunkEncoder();
        Assert.Equal(expected.Count, encoder.EncodeNext(expected, 0, expected.Count));
        Assert.Equal(encoding, encoder.Encoding);
        Assert.Equal(chunk, Convert.ToHexStringLower(encoder.Data));
    }

    static void Same(SampleColumns expected, SampleColumns actual, bool withHints)
    {
        Assert.Equal(expected.Timestamps.ToArray(), actual.Timestamps.ToArray());
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(BitConverter.DoubleToUInt64Bits(expected.Values[i]), BitConverter.DoubleToUInt64Bits(actual.Values[i]));
            var wanted = expected.HasHistograms ? expected.Histograms[i] : null;
            var found = actual.HasHistograms ? actual.Histograms[i] : null;
            Assert.Equal(wanted is null, found is null);
            if (wanted is null) continue;
            Assert.True(wanted.Copy().Compact().SameAs(found!.Copy().Compact()), $"sample {i}: expected {wanted}, found {found}");
            if (withHints) Assert.Equal(wanted.CounterResetHint, found.CounterResetHint);
        }
    }

    static SampleColumns RandomSeries(SeededRandom random, int count)
    {
        var samples = new SampleColumns();
        long time = random.NextInt64() >> 20;
        double value = 0;
        while (samples.Count < count)
        {
            int kind = random.Next(4);
            for (int run = random.Next(1, 200); run > 0 && samples.Count < count; run--)
            {
                time += random.Next(20) == 0 ? random.NextInt64() & 0xffff_ffff : 15_000 + random.Next(-3, 4);
                value = random.Next(6) switch
                {
                    0 => value,
                    1 => BitConverter.UInt64BitsToDouble(random.NextUInt64()),
                    2 => value + (random.Next(1000) / 100.0),
                    _ => value + random.Next(100),
                };
                if (kind == 0 || random.Next(50) == 0) samples.Add(time, random.Next(30) == 0 ? StaleMarker.Value : value);
                else samples.Add(time, RandomHistogram(random, kind));
            }
        }
        return samples;
    }

    static FloatHistogram RandomHistogram(SeededRandom random, int kind)
    {
        int buckets = random.Next(5);
        var histogram = new FloatHistogram
        {
            Schema = kind == 3 ? FloatHistogram.CustomBucketsSchema : random.Next(10) == 0 ? 2 : 1,
            ZeroThreshold = kind == 3 ? 0 : random.Next(10) == 0 ? 0.3 : 0.25,
            CustomValues = kind == 3 ? [0.1, 2.5, 1e7, 1 / 3.0] : [],
            PositiveSpans = buckets == 0 ? [] : [new(random.Next(0, 2), buckets)],
            PositiveBuckets = [.. Enumerable.Range(0, buckets).Select(_ => Count())],
            Sum = random.Next(5) == 0 ? double.NaN : random.Next(1000) / 7.0,
            CounterResetHint = random.Next(4) == 0 ? CounterResetHint.Gauge : CounterResetHint.Unknown,
        };
        if (kind != 3 && random.Next(3) == 0)
        {
            histogram.NegativeSpans = [new(-3, 1), new(4, 2)];
            histogram.NegativeBuckets = [Count(), Count(), Count()];
        }
        histogram.Count = histogram.PositiveBuckets.Sum() + histogram.NegativeBuckets.Sum() + random.Next(3);
        return histogram;

        double Count() => kind == 2 ? random.Next(100) / 8.0 : random.Next(100);
    }
}
