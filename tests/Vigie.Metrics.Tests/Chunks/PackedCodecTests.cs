using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Chunks;

public sealed class PackedCodecTests
{
    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(30)];

    [Fact]
    public void Encode_SteadyCounter_TakesAHandfulOfBytes() =>
        Assert.InRange(Check(Enumerable.Range(0, 512).Select(i => 1_000_000.0 + (i * 37)).ToArray())!.Value, 4, 12);

    [Fact]
    public void Encode_NumbersToATen_TakesALittleMoreThanTheirLogarithm() =>
        Assert.InRange(Check(Enumerable.Range(0, 512).Select(i => (double)(i * 7919 % 10)).ToArray())!.Value, 512 * 3.32 / 8, 512 * 3.45 / 8);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-0.0)]
    public void Encode_OddValues_IsRefused(double odd) => Assert.Null(Check(1, 2, odd));

    [Fact]
    public void Encode_Extremes_KeepsEveryBit() => Check(
        double.MaxValue, -double.MaxValue, double.Epsilon, -double.Epsilon, 0, 1L << 53, (1L << 53) + 2, 9007199254740991, 0.1, 1e-12);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Encode_RandomValues_KeepsEveryBit(ulong seed)
    {
        var random = new SeededRandom(seed);
        double scale = Math.Pow(10, random.Next(0, 16));
        int places = random.Next(0, 5);
        double last = 0;
        Check(Enumerable.Range(0, random.Next(1, 513)).Select(_ => last = random.Next(3) switch
        {
            0 => last + Math.Round(random.NextDouble() * scale, places),
            1 => Math.Round(random.NextDouble() * scale, places),
            _ => seed % 3 == 0 ? random.NextDouble() * scale : last,
        }).ToArray());
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Decode_RandomBytes_NeitherThrowsNorHangs(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < 200; i++) PackedCodec.TryDecode(random.NextBytes(random.Next(0, 60)), new double[random.Next(1, 513)]);
    }

    /// <returns>Bytes used, null if it was refused.</returns>
    static int? Check(params double[] values)
    {
        var output = new ByteBuffer();
        if (!new PackedCodec().TryEncode(values, int.MaxValue, output)) return null;
        var decoded = new double[values.Length];
        Assert.True(PackedCodec.TryDecode(output.Written, decoded));
        Assert.Equal(values.Select(BitConverter.DoubleToInt64Bits), decoded.Select(BitConverter.DoubleToInt64Bits));
        CheckStretches(output.Written, values);
        return output.Length;
    }

    /// <summary>A stretch decoded alone is the same.</summary>
    static void CheckStretches(ReadOnlySpan<byte> bytes, double[] values)
    {
        // The second time, places are known; the first of those in a chunk is further on each time.
        uint owner = ChunkSeeker.NewOwner();
        foreach (int start in (int[])[0, 1, values.Length / 3, values.Length - 1, 64, 63, 65, 130, values.Length / 3, values.Length / 2, 0, values.Length - 1])
        {
            if (start >= values.Length) continue;
            foreach (int length in (int[])[1, (values.Length - start) / 2, values.Length - start])
            {
                if (start + length > values.Length) continue;
                var stretch = new double[length];
                Assert.True(PackedCodec.TryDecode(bytes, values.Length, start, stretch, owner, chunk: 8));
                Assert.Equal(
                    values.Skip(start).Take(length).Select(BitConverter.DoubleToInt64Bits), stretch.Select(BitConverter.DoubleToInt64Bits));
            }
        }
    }
}
