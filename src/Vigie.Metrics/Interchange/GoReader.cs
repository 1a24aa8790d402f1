using System.Buffers.Binary;
using System.Text;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>
/// Reads the primitives of Prometheus' files: big-endian integers, Go's varints, texts with their length. Past the end it reads zeros and says
/// so in <see cref="Failed"/>.
/// </summary>
ref struct GoReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    int _at;

    public bool Failed { get; private set; }
    public readonly int Position => _at;
    public readonly bool AtEnd => Failed || _at >= _bytes.Length;

    public ReadOnlySpan<byte> Bytes(ulong count)
    {
        if (count > (ulong)(_bytes.Length - _at))
        {
            Failed = true;
            _at = _bytes.Length;
            return default;
        }
        var part = _bytes.Slice(_at, (int)count);
        _at += (int)count;
        return part;
    }

    public byte Byte() => Bytes(1) is { Length: 1 } one ? one[0] : (byte)0;

    public uint UInt32() => Bytes(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32BigEndian(four) : 0;

    public ulong UInt64() => Bytes(8) is { Length: 8 } eight ? BinaryPrimitives.ReadUInt64BigEndian(eight) : 0;

    public double Double() => BitConverter.UInt64BitsToDouble(UInt64());

    public ulong Unsigned()
    {
        if (Varint.TryRead(_bytes, ref _at, out ulong value)) return value;
        Failed = true;
        _at = _bytes.Length;
        return 0;
    }

    public long Signed() => Varint.UnZigZag(Unsigned());

    public string Text() => Encoding.UTF8.GetString(Bytes(Unsigned()));

    /// <summary>A number of things that take at least <paramref name="bytesEach"/>; 0 and failed if there cannot be as many.</summary>
    public int Count(int bytesEach)
    {
        ulong count = Unsigned();
        if (count <= (ulong)((_bytes.Length - _at) / bytesEach)) return (int)count;
        Failed = true;
        return 0;
    }
}
