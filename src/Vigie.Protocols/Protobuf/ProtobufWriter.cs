using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Vigie.Protocols.Protobuf;

/// <summary>
/// Writes protobuf fields (protobuf.dev, encoding) one after the other into a growing buffer; the twin of <see cref="ProtobufReader"/>. What
/// is written is exactly what the calls say: fields with default values too. Reusable; not thread-safe.
/// </summary>
public sealed class ProtobufWriter(int capacity = 1024)
{
    const int VarintBytesMax = 10;

    byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);
    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    public void Clear() => Length = 0;

    public static int SizeOfVarint(ulong value) => ((System.Numerics.BitOperations.Log2(value | 1) * 9) + 73) / 64;

    public void Varint(int field, ulong value)
    {
        Reserve(2 * VarintBytesMax);
        Raw(Tag(field, WireType.Varint));
        Raw(value);
    }

    public void Int64(int field, long value) => Varint(field, unchecked((ulong)value));

    /// <summary>sint32, sint64.</summary>
    public void ZigZag(int field, long value) => Varint(field, ZigZagOf(value));

    /// <summary>A fixed64; an sfixed64 has the same bits.</summary>
    public void Fixed64(int field, ulong value)
    {
        Reserve(VarintBytesMax + 8);
        Raw(Tag(field, WireType.Fixed64));
        Raw64(value);
    }

    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        LengthPrefix(field, value.Length);
        Append(value);
    }

    public void Text(int field, string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        LengthPrefix(field, length);
        Reserve(length);
        Length += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Length));
    }

    /// <summary>Tag and length of a field whose content, of that many bytes, is written next.</summary>
    public void LengthPrefix(int field, int length)
    {
        Reserve(2 * VarintBytesMax);
        Raw(Tag(field, WireType.LengthDelimited));
        Raw((ulong)length);
    }

    /// <summary>Begins a message field whose length is not known yet; end it with <see cref="End"/>.</summary>
    public int Begin(int field)
    {
        Reserve(VarintBytesMax + 1);
        Raw(Tag(field, WireType.LengthDelimited));
        return ++Length;
    }

    /// <param name="start">What <see cref="Begin"/> returned.</param>
    public void End(int start)
    {
        int length = Length - start;
        int extra = SizeOfVarint((ulong)length) - 1;
        if (extra > 0)
        {
            Reserve(extra);
            _bytes.AsSpan(start, length).CopyTo(_bytes.AsSpan(start + extra));
        }
        Length = start - 1;
        Raw((ulong)length);
        Length += length;
    }

    /// <summary>Content without tag or length: fields that were encoded before.</summary>
    public void Append(ReadOnlySpan<byte> encoded)
    {
        Reserve(encoded.Length);
        encoded.CopyTo(_bytes.AsSpan(Length));
        Length += encoded.Length;
    }

    /// <summary>An element of a packed list, or a part of a length-prefixed field.</summary>
    public void PackedVarint(ulong value)
    {
        Reserve(VarintBytesMax);
        Raw(value);
    }

    /// <summary>A packed list of doubles; nothing if it is empty.</summary>
    public void Doubles(int field, ReadOnlySpan<double> values)
    {
        if (values.IsEmpty) return;
        LengthPrefix(field, values.Length * 8);
        Reserve(values.Length * 8);
        foreach (double value in values) Raw64(BitConverter.DoubleToUInt64Bits(value));
    }

    public static ulong ZigZagOf(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    static ulong Tag(int field, WireType type) => ((ulong)field << 3) | (ulong)type;

    /// <summary>There must be room.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Raw(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes[Length++] = unchecked((byte)(value | 0x80));
            value >>= 7;
        }
        _bytes[Length++] = unchecked((byte)value);
    }

    /// <summary>There must be room.</summary>
    void Raw64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(Length), value);
        Length += 8;
    }

    void Reserve(int count)
    {
        if (_bytes.Length - Length < count) Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
    }
}
