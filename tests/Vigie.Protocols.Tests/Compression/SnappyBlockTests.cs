using Vigie.Protocols.Compression;

namespace Vigie.Protocols.Tests.Compression;

public class SnappyBlockTests
{
    [Theory]
    [InlineData("00", "")]
    [InlineData("0300616263", null)]
    [InlineData("0308616263", "abc")]
    [InlineData("0a0461620d02", null)]
    [InlineData("0a04616216020000", null)]
    [InlineData("060461620602", null)]
    [InlineData("06046162" + "0e0200", "ababab")]
    [InlineData("06046162" + "0e0300", null)]
    [InlineData("06046162" + "0e0000", null)]
    [InlineData("ffffffffff", null)]
    [InlineData("", null)]
    public void Decode_KnownBlocks(string block, string? expected)
    {
        byte[] bytes = Convert.FromHexString(block);
        if (expected is null) Assert.Throws<ProtocolException>(() => Decode(bytes));
        else Assert.Equal(expected, System.Text.Encoding.ASCII.GetString(Decode(bytes)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Decode_WhatAnEncoderWrote_IsTheInput(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            byte[] input = new byte[random.Next(1, 5000)];
            int alphabet = random.Next(1, 256);
            for (int i = 0; i < input.Length; i++) input[i] = (byte)random.Next(alphabet);
            Assert.Equal(input, Decode(IronSnappy.Snappy.Encode(input)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Decode_DamagedBlocks_ThrowOrGiveSomething_NeverWorse(int seed)
    {
        var random = new Random(seed);
        byte[] input = new byte[3000];
        for (int i = 0; i < input.Length; i++) input[i] = (byte)random.Next(4);
        byte[] block = IronSnappy.Snappy.Encode(input).ToArray();
        for (int round = 0; round < 5000; round++)
        {
            byte[] damaged = [.. block];
            for (int flips = random.Next(1, 4); flips > 0; flips--) damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                Decode(damaged);
            }
            catch (ProtocolException)
            {
                // The expected answer to damage; some flips only change content.
            }
        }
    }

    static byte[] Decode(ReadOnlySpan<byte> block)
    {
        byte[] output = new byte[SnappyBlock.DecodedLength(block, 1 << 20)];
        SnappyBlock.Decode(block, output);
        return output;
    }
}
