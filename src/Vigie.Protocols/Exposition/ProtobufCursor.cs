using System.Buffers.Binary;
using System.Text;

namespace Vigie.Protocols.Exposition;

/// <summary>Walks the fields of one protobuf message (https://protobuf.dev/programming-guides/encoding/).</summary>
ref struct ProtobufCursor(ReadOnlySpan<byte> message)
{
    ReadOnlySpan<byte> _rest = message;
    int _wireType;

    public int Field { get; private set; }
    /// <summary>Of a varint field.</summary>
    public ulong Varint { get; private set; }
    /// <summary>Of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public readonly double Double => BitConverter.UInt64BitsToDouble(Varint);
    public readonly string Text => Encoding.UTF8.GetString(Bytes);
    public readonly long ZigZag => ZigZagOf(Varint);
    public readonly bool IsPacked => _wireType == 2;
    public readonly bool AtEnd => _rest.IsEmpty;

    public static long ZigZagOf(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));

    public bool Next()
    {
        if (_rest.IsEmpty) return false;
        ulong tag = ReadVarint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        _wireType = (int)(tag & 7);
        switch (_wireType)
        {
            case 0: Varint = ReadVarint(); break;
            case 1: Varint = BinaryPrimitives.ReadUInt64LittleEndian(Take(8)); break;
            case 2: Bytes = ReadDelimited(); break;
            case 5: Varint = BinaryPrimitives.ReadUInt32LittleEndian(Take(4)); break;
            default: throw Truncated($"wire type {_wireType}, expected 0, 1, 2 or 5");
        }
        return true;
    }

    public ReadOnlySpan<byte> ReadDelimited()
    {
        ulong length = ReadVarint();
        return length <= (ulong)_rest.Length ? Take((int)length) : throw Truncated($"length {length} with {_rest.Length} bytes left");
    }

    public ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte b = Take(1)[0];
            value |= unchecked((ulong)(b & 0x7f) << shift);
            if (b < 0x80) return value;
        }
        throw Truncated("varint of more than ten bytes");
    }

    ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length) throw Truncated($"{_rest.Length} bytes left, expected {length}");
        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    static ExpositionException Truncated(string found) => new($"proto: malformed message: {found}", 0);
}
