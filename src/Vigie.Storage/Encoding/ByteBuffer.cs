using System.Buffers.Binary;

namespace Vigie.Storage;

/// <summary>A growing byte buffer with the primitives of our formats; integers little-endian. Reusable; not thread-safe.</summary>
public sealed class ByteBuffer
{
    byte[] _bytes;

    public ByteBuffer(int capacity = 256) => _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Drops what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    /// <summary>Room for <paramref name="count"/> bytes that count as written; the caller fills them at once.</summary>
    public Span<byte> Extend(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        var room = _bytes.AsSpan(Length, count);
        Length += count;
        return room;
    }

    /// <summary>Bytes written earlier, to be overwritten (a length known only later).</summary>
    public Span<byte> Patch(int at, int count) => _bytes.AsSpan(0, Length).Slice(at, count);

    public void WriteByte(byte value) => Extend(1)[0] = value;

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Extend(4), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Extend(8), value);

    public void WriteDouble(double value) => WriteUInt64(BitConverter.DoubleToUInt64Bits(value));

    public void WriteVarint(ulong value)
    {
        int start = Length;
        int written = Varint.Write(Extend(Varint.BytesMax), value);
        Length = start + written;
    }

    public void WriteSigned(long value) => WriteVarint(Varint.ZigZag(value));

    public void WriteBytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    /// <summary>Length in bytes as a varint, then UTF-8.</summary>
    public void WriteText(string text)
    {
        int bytes = System.Text.Encoding.UTF8.GetByteCount(text);
        WriteVarint((ulong)bytes);
        System.Text.Encoding.UTF8.GetBytes(text, Extend(bytes));
    }

    public void WriteBits(BitWriter bits) => bits.CopyTo(Extend(bits.ByteCount));
}
