using System.Buffers.Binary;

namespace Vigie.Storage;

/// <summary>
/// Reads what <see cref="ByteBuffer"/> wrote. Bytes from disk are not trusted: past the end, or at a malformed value, it reads zeros and
/// sets <see cref="Failed"/> for good; the caller checks once per record.
/// </summary>
public ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at;

    public bool Failed { get; private set; }
    public readonly int Position => _at;
    public readonly int Remaining => Failed ? 0 : _bytes.Length - _at;
    public readonly bool AtEnd => Remaining == 0;

    public byte ReadByte()
    {
        var bytes = ReadBytes(1);
        return bytes.IsEmpty ? (byte)0 : bytes[0];
    }

    public uint ReadUInt32()
    {
        var bytes = ReadBytes(4);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong ReadUInt64()
    {
        var bytes = ReadBytes(8);
        return bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public double ReadDouble() => BitConverter.UInt64BitsToDouble(ReadUInt64());

    public ulong ReadVarint()
    {
        if (!Failed && Varint.TryRead(_bytes, ref _at, out ulong value)) return value;
        Failed = true;
        return 0;
    }

    public long ReadSigned() => Varint.UnZigZag(ReadVarint());

    /// <summary>A count of things that take at least <paramref name="bytesEach"/> bytes each: larger than the rest allows is malformed.</summary>
    public int ReadCount(int bytesEach = 1)
    {
        ulong count = ReadVarint();
        if (count <= (ulong)(Remaining / Math.Max(1, bytesEach))) return (int)count;
        Failed = true;
        return 0;
    }

    /// <summary>Empty if there are not that many.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if (Failed || count < 0 || count > _bytes.Length - _at)
        {
            Failed = true;
            return default;
        }
        var bytes = _bytes.Slice(_at, count);
        _at += count;
        return bytes;
    }

    public string ReadText() => System.Text.Encoding.UTF8.GetString(ReadBytes(ReadCount()));

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> ReadRest() => ReadBytes(Remaining);
}
