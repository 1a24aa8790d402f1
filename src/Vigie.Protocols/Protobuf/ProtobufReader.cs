using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Vigie.Protocols.Protobuf;

/// <summary>
/// Walks one protobuf message over a span (protobuf.dev, encoding): fields in order, values as slices, nothing allocated. A field that is
/// read must have the wire type it is read as; unknown fields are skipped whatever theirs is. For hot messages; others use the generated
/// classes.
/// </summary>
/// <remarks>
/// As strict as the code that gogo/protobuf generates for Prometheus, with its messages, and stricter in two things: a tag is at most 32
/// bits, and a packed list ends with its last element. Offsets in messages count from the start of the message at fault.
/// </remarks>
public ref struct ProtobufReader(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> _message = message;
    int _at;
    WireType _type;

    /// <summary>Bytes consumed.</summary>
    public readonly int Position => _at;

    public readonly bool AtEnd => _at >= _message.Length;

    public readonly int BytesLeft => _message.Length - _at;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Moves to the next field; its value must then be read or skipped.</summary>
    /// <exception cref="ProtocolException">The message is malformed.</exception>
    public bool Next()
    {
        if (_at >= _message.Length) return false;
        ulong tag = TakeTag();
        Field = (int)(tag >> 3);
        _type = (WireType)(tag & 7);
        return _type != WireType.EndGroup ? true : throw Malformed("end group outside of a group");
    }

    /// <summary>A uint32, uint64, bool or enum.</summary>
    /// <exception cref="ProtocolException">The field has another wire type, or is cut short. So do all of these.</exception>
    public ulong ReadVarint()
    {
        Expect(WireType.Varint);
        return TakeVarint();
    }

    public long ReadInt64() => unchecked((long)ReadVarint());

    public int ReadInt32() => unchecked((int)ReadVarint());

    public long ReadSInt64()
    {
        ulong value = ReadVarint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    public int ReadSInt32()
    {
        uint value = unchecked((uint)ReadVarint());
        return unchecked((int)(value >> 1) ^ -(int)(value & 1));
    }

    /// <summary>A fixed64; an sfixed64 or double has the same bits.</summary>
    public ulong ReadFixed64()
    {
        Expect(WireType.Fixed64);
        if (BytesLeft < 8) throw Truncated();
        ulong value = BinaryPrimitives.ReadUInt64LittleEndian(_message[_at..]);
        _at += 8;
        return value;
    }

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadFixed64());

    /// <summary>A string, a bytes field or a message, as a slice of the input.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        Expect(WireType.LengthDelimited);
        return ReadDelimited();
    }

    /// <summary>
    /// The elements that the current field of a repeated number has: all of a packed list, or the one that stands alone. Read them from the
    /// result until its <see cref="AtEnd"/>.
    /// </summary>
    /// <param name="element">Wire type of an element.</param>
    public ProtobufReader ReadList(WireType element)
    {
        if (_type == WireType.LengthDelimited) return new ProtobufReader(ReadDelimited()) { Field = Field, _type = element };
        Expect(element);
        int start = _at;
        Skip();
        return new ProtobufReader(_message[start.._at]) { Field = Field, _type = element };
    }

    /// <summary>The next of several messages that each have their length before them, instead of fields.</summary>
    public ReadOnlySpan<byte> ReadDelimited()
    {
        ulong length = TakeVarint();
        if (length > (ulong)BytesLeft) throw Truncated();
        var bytes = _message.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    public void Skip()
    {
        if (_type == WireType.StartGroup) SkipGroup();
        else SkipValue(_type);
    }

    void SkipValue(WireType type)
    {
        switch (type)
        {
            case WireType.Varint: TakeVarint(); break;
            case WireType.Fixed64: Advance(8); break;
            case WireType.LengthDelimited: ReadDelimited(); break;
            case WireType.Fixed32: Advance(4); break;
            default: throw Malformed($"illegal wireType {(int)type}");
        }
    }

    /// <summary>Up to the end of the group that was begun, with those in it. Which group an end names is not looked at.</summary>
    void SkipGroup()
    {
        for (int depth = 1; depth > 0;)
        {
            var type = (WireType)(TakeTag() & 7);
            if (type == WireType.StartGroup) depth++;
            else if (type == WireType.EndGroup) depth--;
            else SkipValue(type);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly void Expect(WireType expected)
    {
        if (_type != expected) throw WrongWireType(expected);
    }

    void Advance(int count)
    {
        if (BytesLeft < count) throw Truncated();
        _at += count;
    }

    ulong TakeTag()
    {
        ulong tag = TakeVarint();
        return tag is >= 8 and <= uint.MaxValue ? tag : throw Malformed($"illegal tag {tag >> 3} (wire type {tag & 7})");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    ulong TakeVarint()
    {
        int at = _at;
        var message = _message;
        if ((uint)at < (uint)message.Length && message[at] < 0x80)
        {
            _at = at + 1;
            return message[at];
        }
        return TakeLongVarint();
    }

    ulong TakeLongVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_at >= _message.Length) throw Truncated();
            byte b = _message[_at++];
            value |= shift == 63 ? (ulong)(b & 1) << 63 : (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return value;
        }
        throw Malformed("varint of more than 10 bytes");
    }

    readonly ProtocolException WrongWireType(WireType expected) =>
        new($"proto: wrong wireType = {(int)_type} for field {Field}, expected {(int)expected}, at byte {_at}");

    readonly ProtocolException Truncated() => Malformed("unexpected end of input");

    readonly ProtocolException Malformed(string found) => new($"proto: {found} at byte {_at}");
}

public enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    /// <summary>Deprecated; never a field that is read.</summary>
    StartGroup = 3,
    EndGroup = 4,
    Fixed32 = 5,
}
