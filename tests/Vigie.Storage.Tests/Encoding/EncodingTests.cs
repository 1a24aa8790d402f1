using System.Text;
using Vigie.Testing;

namespace Vigie.Storage.Tests;

public sealed class EncodingTests
{
    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    /// <summary>Check value of the CRC catalogue, and RFC 3720 B.4.</summary>
    [Theory]
    [InlineData("123456789", 0xE3069283u)]
    [InlineData("", 0u)]
    public void Crc32C_OfKnownText_IsTheKnownSum(string text, uint expected) => Assert.Equal(expected, Crc32C.Of(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Crc32C_ByInstruction_EqualsTheTable(ulong seed)
    {
        var random = new SeededRandom(seed);
        var bytes = random.NextBytes(random.Next(0, 300));
        int cut = random.Next(bytes.Length + 1);
        Assert.Equal(Crc32C.OfScalar(bytes), Crc32C.Of(bytes));
        Assert.Equal(Crc32C.Of(bytes), Crc32C.Of(bytes.AsSpan(cut), Crc32C.Of(bytes.AsSpan(0, cut))));
    }

    [Theory]
    [InlineData(0UL, "00")]
    [InlineData(127UL, "7F")]
    [InlineData(128UL, "8001")]
    [InlineData(300UL, "AC02")]
    [InlineData(16383UL, "FF7F")]
    [InlineData(16384UL, "808001")]
    [InlineData(ulong.MaxValue, "FFFFFFFFFFFFFFFFFF01")]
    public void Varint_IsLeb128(ulong value, string hex)
    {
        var bytes = new byte[Varint.BytesMax];
        int length = Varint.Write(bytes, value);
        Assert.Equal(hex, Convert.ToHexString(bytes, 0, length));
        Assert.Equal(length, Varint.LengthOf(value));
        int at = 0;
        Assert.True(Varint.TryRead(bytes.AsSpan(0, length), ref at, out ulong read));
        Assert.Equal((value, length), (read, at));
        at = 0;
        Assert.False(Varint.TryRead(bytes.AsSpan(0, length - 1), ref at, out _));
    }

    [Theory]
    [InlineData("FFFFFFFFFFFFFFFFFF02")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01")]
    public void Varint_LongerThan64Bits_IsRefused(string hex)
    {
        int at = 0;
        Assert.False(Varint.TryRead(Convert.FromHexString(hex), ref at, out _));
    }

    [Theory]
    [InlineData(0L, 0UL)]
    [InlineData(-1L, 1UL)]
    [InlineData(1L, 2UL)]
    [InlineData(long.MinValue, ulong.MaxValue)]
    public void ZigZag_MapsSmallNumbersToSmallOnes(long value, ulong mapped)
    {
        Assert.Equal(mapped, Varint.ZigZag(value));
        Assert.Equal(value, Varint.UnZigZag(mapped));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Bits_AreReadBackAsWritten(ulong seed)
    {
        var random = new SeededRandom(seed);
        var written = new List<(ulong Bits, int Count)>();
        var writer = new BitWriter();
        for (int i = random.Next(1, 500); i > 0; i--)
        {
            int count = random.Next(1, 65);
            ulong bits = random.NextUInt64() & (ulong.MaxValue >> (64 - count));
            written.Add((bits, count));
            writer.Write(bits, count);
        }
        var bytes = new byte[writer.ByteCount];
        writer.CopyTo(bytes);
        var reader = new BitReader(bytes);
        foreach (var (bits, count) in written) Assert.Equal(bits, reader.ReadLong(count));
        Assert.Equal(writer.BitCount, reader.Position);
        Assert.False(reader.Overrun);
        Assert.Equal(0UL, reader.ReadLong(64));
        Assert.True(reader.Overrun);
    }

    [Fact]
    public void ByteReader_PastTheEnd_FailsForGood()
    {
        var reader = new ByteReader([3, (byte)'a', (byte)'b']);
        Assert.Equal("", reader.ReadText());
        Assert.True(reader.Failed);
        Assert.Equal(0, reader.ReadByte());
    }
}
