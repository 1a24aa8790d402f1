using System.Buffers.Binary;
using System.Text;

namespace Vigie.EndToEnd.Tests.Durability;

/// <summary>A remote write 1.0 message of one sample per series, in a snappy block of literals (google/snappy, format_description.txt).</summary>
static class WriteRequest
{
    const int LiteralBytesMax = 60_000;

    public static byte[] Encode(IEnumerable<(string Name, string Label, long TimestampMs, double Value)> samples)
    {
        var message = new MemoryStream();
        var bits = new byte[8];
        foreach (var (name, label, timestampMs, value) in samples)
        {
            var series = new MemoryStream();
            Field(series, 1, [.. Text(1, "__name__"), .. Text(2, name)]);
            Field(series, 1, [.. Text(1, "series"), .. Text(2, label)]);
            var sample = new MemoryStream();
            sample.WriteByte(1 << 3 | 1);
            BinaryPrimitives.WriteDoubleLittleEndian(bits, value);
            sample.Write(bits);
            sample.WriteByte(2 << 3);
            Varint(sample, (ulong)timestampMs);
            Field(series, 2, sample.ToArray());
            Field(message, 1, series.ToArray());
        }
        return Snappy(message.ToArray());
    }

    static byte[] Snappy(byte[] bytes)
    {
        var block = new MemoryStream();
        Varint(block, (ulong)bytes.Length);
        for (int at = 0; at < bytes.Length; at += LiteralBytesMax)
        {
            int length = Math.Min(LiteralBytesMax, bytes.Length - at);
            block.WriteByte(61 << 2);       // a literal whose length less one follows in two bytes
            block.WriteByte(unchecked((byte)(length - 1)));
            block.WriteByte((byte)((length - 1) >> 8));
            block.Write(bytes, at, length);
        }
        return block.ToArray();
    }

    static byte[] Text(int field, string text)
    {
        var output = new MemoryStream();
        Field(output, field, Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }

    static void Field(Stream output, int number, byte[] bytes)
    {
        output.WriteByte((byte)(number << 3 | 2));
        Varint(output, (ulong)bytes.Length);
        output.Write(bytes);
    }

    static void Varint(Stream output, ulong value)
    {
        for (; value >= 0x80; value >>= 7) output.WriteByte(unchecked((byte)(value | 0x80)));
        output.WriteByte((byte)value);
    }
}
