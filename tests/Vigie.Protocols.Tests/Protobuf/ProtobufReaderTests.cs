using Vigie.Protocols.Protobuf;
using Vigie.Testing;

namespace Vigie.Protocols.Tests.Protobuf;

public sealed class ProtobufReaderTests
{
    /// <summary>Field 1 as a uint64; everything else is unknown.</summary>
    static ulong Read(params ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            if (reader.Field == 1) value = reader.ReadVarint();
            else reader.Skip();
        }
        return value;
    }

    [Theory]
    [InlineData(5UL, new byte[] { 8, 5 })]
    [InlineData(6UL, new byte[] { 8, 5, 8, 6 })]
    [InlineData(ulong.MaxValue, new byte[] { 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [InlineData(5UL, new byte[] { 16, 1, 8, 5 })]                                           // unknown varint
    [InlineData(5UL, new byte[] { 17, 1, 2, 3, 4, 5, 6, 7, 8, 8, 5 })]                      // unknown fixed64
    [InlineData(5UL, new byte[] { 18, 2, 9, 9, 8, 5 })]                                     // unknown string
    [InlineData(5UL, new byte[] { 21, 1, 2, 3, 4, 8, 5 })]                                  // unknown fixed32
    [InlineData(5UL, new byte[] { 19, 20, 8, 5 })]                                          // unknown empty group
    [InlineData(5UL, new byte[] { 19, 8, 7, 27, 18, 1, 20, 28, 17, 0, 0, 0, 0, 0, 0, 0, 0, 20, 8, 5 })]      // a group in a group
    [InlineData(5UL, new byte[] { 0xf8, 0xff, 0xff, 0xff, 0x0f, 1, 8, 5 })]                 // the largest field number
    public void Next_UnknownFields_AreSkippedWhateverTheirType(ulong expected, byte[] message) => Assert.Equal(expected, Read(message));

    [Theory]
    [InlineData("proto: wrong wireType = 1 for field 1, expected 0, at byte 1", new byte[] { 9, 1, 2, 3, 4, 5, 6, 7, 8 })]
    [InlineData("proto: wrong wireType = 2 for field 1, expected 0, at byte 3", new byte[] { 16, 1, 10, 0 })]
    [InlineData("proto: wrong wireType = 3 for field 1, expected 0, at byte 1", new byte[] { 11, 12 })]
    [InlineData("proto: illegal tag 0 (wire type 0) at byte 1", new byte[] { 0, 1 })]
    [InlineData("proto: illegal tag 0 (wire type 2) at byte 2", new byte[] { 19, 2, 0, 20 })]
    [InlineData("proto: illegal tag 536870912 (wire type 0) at byte 5", new byte[] { 0x80, 0x80, 0x80, 0x80, 0x10, 1 })]
    [InlineData("proto: illegal tag 2305843009213693951 (wire type 7) at byte 10", new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [InlineData("proto: illegal wireType 6 at byte 1", new byte[] { 22, 1 })]
    [InlineData("proto: illegal wireType 7 at byte 2", new byte[] { 19, 23, 20 })]
    [InlineData("proto: end group outside of a group at byte 1", new byte[] { 20 })]
    [InlineData("proto: unexpected end of input at byte 3", new byte[] { 19, 16, 1 })]      // no end of the group
    [InlineData("proto: unexpected end of input at byte 2", new byte[] { 8, 0x80 })]
    [InlineData("proto: unexpected end of input at byte 2", new byte[] { 18, 3, 1, 2 })]
    [InlineData("proto: unexpected end of input at byte 1", new byte[] { 17, 1, 2, 3, 4, 5, 6, 7 })]
    [InlineData("proto: unexpected end of input at byte 1", new byte[] { 21, 1, 2, 3 })]
    [InlineData("proto: unexpected end of input at byte 11", new byte[] { 18, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    [InlineData("proto: varint of more than 10 bytes at byte 11", new byte[] { 8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 })]
    public void Next_MalformedMessage_SaysWhatAndWhere(string expected, byte[] message) =>
        Assert.Equal(expected, Assert.Throws<ProtocolException>(() => Read(message)).Message);

    static List<long> ReadSInts(ReadOnlySpan<byte> message)
    {
        var values = new List<long>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            var list = reader.ReadList(WireType.Varint);
            while (!list.AtEnd) values.Add(list.ReadSInt64());
        }
        return values;
    }

    static List<double> ReadDoubles(ReadOnlySpan<byte> message)
    {
        var values = new List<double>();
        var reader = new ProtobufReader(message);
        while (reader.Next())
        {
            var list = reader.ReadList(WireType.Fixed64);
            while (!list.AtEnd) values.Add(list.ReadDouble());
        }
        return values;
    }

    [Theory]
    [InlineData(new byte[] { 10, 3, 2, 1, 4 })]
    [InlineData(new byte[] { 8, 2, 8, 1, 8, 4 })]
    [InlineData(new byte[] { 8, 2, 10, 0, 10, 2, 1, 4 })]
    public void ReadList_PackedOrNot_GivesTheElements(byte[] message) => Assert.Equal([1, -1, 2], ReadSInts(message));

    [Fact]
    public void ReadList_DoublesPackedOrNot_GivesTheElements()
    {
        byte[] one = [0, 0, 0, 0, 0, 0, 0xf0, 0x3f];
        Assert.Equal([1, 1, 1], ReadDoubles([9, .. one, 10, 16, .. one, .. one]));
    }

    [Theory]
    [InlineData("proto: unexpected end of input at byte 8", new byte[] { 10, 12, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4 })]
    [InlineData("proto: wrong wireType = 0 for field 1, expected 1, at byte 1", new byte[] { 8, 12 })]
    [InlineData("proto: wrong wireType = 5 for field 1, expected 1, at byte 1", new byte[] { 13, 0, 0, 0, 0 })]
    public void ReadList_OfOtherThings_IsRefused(string expected, byte[] message) =>
        Assert.Equal(expected, Assert.Throws<ProtocolException>(() => ReadDoubles(message)).Message);

    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(10)];

    /// <summary>What <see cref="ProtobufWriter"/> writes is read back, whatever the values.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Read_WhatWasWritten_IsTheSame(ulong seed)
    {
        var random = new SeededRandom(seed);
        var writer = new ProtobufWriter(4);
        for (int i = 0; i < 1000; i++)
        {
            long value = random.NextInt64() >> random.Next(64);
            int field = random.Next(1, 1 << 29);
            writer.Clear();
            writer.Int64(field, value);
            writer.ZigZag(field, value);
            writer.ZigZag(field, unchecked((int)value));
            writer.Double(field, BitConverter.Int64BitsToDouble(value));
            var reader = new ProtobufReader(writer.Written);
            Assert.True(reader.Next());
            Assert.Equal((field, value), (reader.Field, reader.ReadInt64()));
            Assert.True(reader.Next());
            Assert.Equal(value, reader.ReadSInt64());
            Assert.True(reader.Next());
            Assert.Equal(unchecked((int)value), reader.ReadSInt32());
            Assert.True(reader.Next());
            Assert.Equal(value, BitConverter.DoubleToInt64Bits(reader.ReadDouble()));
            Assert.False(reader.Next());
        }
    }
}
