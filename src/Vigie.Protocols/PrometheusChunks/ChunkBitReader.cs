using System.Buffers.Binary;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>
/// Reads the bits of a Prometheus chunk, most significant first. Past the end it reads zeros and says so in <see cref="Overrun"/>: decoders
/// check once per sample, not once per bit.
/// </summary>
ref struct ChunkBitReader(ReadOnlySpan<byte> bytes)
{
    readonly ReadOnlySpan<byte> _bytes = bytes;
    readonly long _bits = (long)bytes.Length * 8;
    long _at;

    /// <summary>True once more was read than there is.</summary>
    public readonly bool Overrun => _at > _bits;

    /// <summary>Bits not read yet; not positive at the end.</summary>
    public readonly long Remaining => _bits - _at;

    public bool ReadBit() => Read(1) != 0;

    /// <param name="count">1 to 64.</param>
    public ulong Read(int count)
    {
        unchecked
        {
            int index = (int)(_at >> 3), shift = (int)(_at & 7);
            _at += count;
            if (_at > _bits)
            {
                _at = _bits + 1;
                return 0;
            }
            ulong value = Load(index) << shift >> (64 - count);
            int missing = count - (64 - shift);
            return missing <= 0 ? value : value | ((ulong)_bytes[index + 8] >> (8 - missing));
        }
    }

    /// <summary>How many ones come before the next zero, at most <paramref name="max"/>; the zero is consumed.</summary>
    public int ReadOnes(int max)
    {
        int ones = 0;
        while (ones < max && ReadBit()) ones++;
        return ones;
    }

    /// <summary>LEB128, as Go's encoding/binary writes it, at any bit.</summary>
    public ulong ReadUvarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            ulong part = Read(8);
            value |= (part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
        _at = _bits + 1;
        return 0;
    }

    /// <summary>The same, zig-zag mapped.</summary>
    public long ReadVarint()
    {
        ulong value = ReadUvarint();
        return unchecked((long)(value >> 1) ^ -(long)(value & 1));
    }

    readonly ulong Load(int index)
    {
        if (index + 8 <= _bytes.Length) return BinaryPrimitives.ReadUInt64BigEndian(_bytes[index..]);
        ulong word = 0;
        for (int i = 0; i < 8; i++) word = word << 8 | (index + i < _bytes.Length ? _bytes[index + i] : 0u);
        return word;
    }
}
