using Vigie.Protocols.Compression;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.Compression;

public class SnappyBlockEncoderTests
{
    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Encode_IsDecodedByOurDecoderAndAnother(ulong seed)
    {
        var random = new SeededRandom(seed);
        var encoder = new SnappyBlockEncoder();
        for (int round = 0; round < 200; round++)
        {
            byte[] input = new byte[random.Pick(0, 1, 15, 16, 17, 100, 65_535, 65_536, 65_537, 200_000)];
            int alphabet = random.Next(1, 257), run = random.Next(1, 300);
            for (int i = 0; i < input.Length; i++) input[i] = i >= run && random.Chance(90) ? input[i - run] : (byte)random.Next(alphabet);
            byte[] output = new byte[SnappyBlockEncoder.EncodedLengthMax(input.Length)];
            byte[] block = output[..encoder.Encode(input, output)];
            byte[] decoded = new byte[SnappyBlock.DecodedLength(block, input.Length)];
            SnappyBlock.Decode(block, decoded);
            Assert.Equal(input, decoded);
            if (input.Length > 0) Assert.Equal(input, IronSnappy.Snappy.Decode(block));
        }
    }

    [Fact]
    public void Encode_WhatRepeats_BecomesShort()
    {
        byte[] input = new byte[10_000], output = new byte[SnappyBlockEncoder.EncodedLengthMax(10_000)];
        Assert.InRange(new SnappyBlockEncoder().Encode(input, output), 1, 500);
    }
}
