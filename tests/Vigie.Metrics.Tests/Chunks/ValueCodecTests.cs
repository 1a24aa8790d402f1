using Vigie.Model;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Chunks;

public sealed class ValueCodecTests
{
    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    [Fact]
    public void Encode_Constant_TakesOneBitPerSample() => Assert.InRange(Check(Enumerable.Repeat(42.0, 1000).ToArray()), 1000, 1020);

    [Fact]
    public void Encode_SteadyCounter_TakesOneBitPerSample() =>
        Assert.InRange(Check(Enumerable.Range(0, 1000).Select(i => 1_000_000.0 + (i * 37)).ToArray()), 1000, 1150);

    [Fact]
    public void Encode_TwoDecimals_TakesFewBits() =>
        Assert.InRange(Check(Enumerable.Range(0, 1000).Select(i => (4000 + (i * 7 % 50)) / 100.0).ToArray()), 1000, 9500);

    [Fact]
    public void Encode_SpecialValues_KeepsEveryBit() => Check(
        0.0, -0.0, 1, double.NaN, StaleMarker.Value, StaleMarker.Value, 2, double.PositiveInfinity, 2, double.NegativeInfinity, 1e300,
        double.Epsilon, double.MaxValue, -double.MaxValue, (1L << 53) - 1, 1L << 53, (1L << 53) + 2, 0.1, 0.1 + 0.2, 1e-12, 123456789.012345);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Encode_RandomValues_KeepsEveryBit(ulong seed)
    {
        var random = new SeededRandom(seed);
        double last = 0;
        Check(Enumerable.Range(0, 2000).Select(_ => last = random.Next(4) switch
        {
            0 => last,
            1 => last + random.Next(1000),
            2 => Math.Round(last + random.NextDouble(), 3),
            _ => random.NextSampleValue(),
        }).ToArray());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Decode_RandomBytes_NeitherThrowsNorHangs(ulong seed)
    {
        var random = new SeededRandom(seed);
        var bits = new BitReader(random.NextBytes(400));
        var state = default(ValueCodecState);
        for (int i = 0; i < 5000; i++) ValueCodec.Decode(ref state, ref bits);
    }

    /// <summary>Decoded in runs of any length, the values are the same.</summary>
    static void CheckRuns(byte[] bytes, long bits, double[] values)
    {
        foreach (int length in (int[])[1, 3, 64, values.Length])
        {
            var reader = new BitReader(bytes);
            var state = default(ValueCodecState);
            var decoded = new double[values.Length];
            for (int i = 0; i < decoded.Length; i += length)
                ValueCodec.DecodeRun(ref state, ref reader, decoded.AsSpan(i, Math.Min(length, decoded.Length - i)));
            Assert.Equal(values.Select(BitConverter.DoubleToUInt64Bits), decoded.Select(BitConverter.DoubleToUInt64Bits));
            Assert.Equal(bits, reader.Position);
        }
    }

    /// <returns>The bits used.</returns>
    static long Check(params double[] values)
    {
        var writer = new BitWriter();
        var sink = writer.AsSink();
        var state = default(ValueCodecState);
        foreach (double value in values) ValueCodec.Encode(ref state, value, ref sink);
        var bytes = new byte[writer.ByteCount];
        writer.CopyTo(bytes);
        var reader = new BitReader(bytes);
        state = default;
        for (int i = 0; i < values.Length; i++)
        {
            double decoded = ValueCodec.Decode(ref state, ref reader);
            Assert.True(
                BitConverter.DoubleToInt64Bits(values[i]) == BitConverter.DoubleToInt64Bits(decoded), $"sample {i}: {decoded:R}, expected {values[i]:R}");
        }
        Assert.False(reader.Overrun);
        Assert.Equal(writer.BitCount, reader.Position);
        CheckRuns(bytes, writer.BitCount, values);
        return writer.BitCount;
    }
}
