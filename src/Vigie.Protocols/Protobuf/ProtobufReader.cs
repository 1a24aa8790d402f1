using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Vigie.Protocols.Protobuf;

/// <summary>
/// Walks one protobuf message over a span (protobuf.dev, encoding): fields in order, values as slices, nothing allocated. For hot messages;
/// others use the generated classes.
/// </summary>
public ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> _message = message;
    int _at;

    /// <summary>Bytes consumed.</summary>
    public readonly int Position => _at;

    public readonly bool AtEnd => _at >= _message.Length;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    public WireType WireType { get; private set; }

    /// <summary>Moves to the next field; its value must then be read or skipped.</summary>
    /// <exception cref="ProtocolException">The message is malformed.</exception>
    public bool Next()
    {
        if (_at >= _message.Length) return false;
        ulong tag = ReadVarint();
        if (tag >> 3 is 0 or > 0x1fffffff) throw new ProtocolException($"protobuf: found field number {tag >> 3} at byte {_at}");
        Field = (int)(tag >> 3);
        WireType = (WireType)(tag & 7);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadVarint()
    {
        int at = _at;
        var message = _message;
        if ((uint)at < (uint)message.Length && message[at] < 0x80)
        {
            _at = at + 1;
            return message[at];
        }
        return ReadLongVarint();
    }

    public long ReadInt64() => unchecked((long)ReadVarint());

    public int ReadInt32() => unchecked((int)ReadVarint());

    /// <summary>A zig-zag varint (sint32, sint64).</summary>
    public long ReadZigZag()
    {
        ulong value = ReadVarint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    /// <summary>A fixed64; an sfixed64 or double has the same bits.</summary>
    public ulong ReadFixed64()
    {
        if (_message.Length - _at < 8) throw Truncated();
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_message[_at..]);
        _at += 8;
        return value;
    }

    public double ReadDouble()
    {
        if (_message.Length - _at < 8) throw Truncated();
        double value = BinaryPrimitives.ReadDoubleLittleEndian(_message[_at..]);
        _at += 8;
        return value;
    }

    /// <summary>A string, a bytes field, a message or a packed list, as a slice of the input.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        ulong length = ReadVarint();
        if (length > (ulong)(_message.Length - _at)) throw Truncated();
        var bytes = _message.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    /// <summary>Like <see cref="ReadBytes"/>, after a look at the wire type.</summary>
    /// <exception cref="ProtocolException">The current field is not length-delimited, or cut short.</exception>
    public ReadOnlySpan<byte> ReadMessage()
    {
        Expect(WireType.LengthDelimited);
        return ReadBytes();
    }

    public void Skip()
    {
        switch (WireType)
        {
            case WireType.Varint: ReadVarint(); break;
            case WireType.Fixed64: Advance(8); break;
            case WireType.LengthDelimited: ReadBytes(); break;
            case WireType.Fixed32: Advance(4); break;
            default: throw new ProtocolException($"protobuf: found wire type {(int)WireType} at byte {_at}, expected 0, 1, 2 or 5");
        }
    }

    /// <exception cref="ProtocolException">The current field has another wire type.</exception>
    public readonly void Expect(WireType expected)
    {
        if (WireType != expected) throw new ProtocolException($"protobuf: field {Field}: found wire type {(int)WireType}, expected {(int)expected}");
    }

    void Advance(int count)
    {
        if (_message.Length - _at < count) throw Truncated();
        _at += count;
    }

    ulong ReadLongVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_at >= _message.Length) throw Truncated();
            byte b = _message[_at++];
            value |= shift == 63 ? (ulong)(b & 1) << 63 : (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw new ProtocolException($"protobuf: found a varint of more than 10 bytes at byte {_at}");
    }

    readonly ProtocolException Truncated() => new($"protobuf: unexpected end of input at byte {_at}");
}

public enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}
