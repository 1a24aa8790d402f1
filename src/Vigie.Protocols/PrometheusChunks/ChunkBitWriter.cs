namespace Vigie.Protocols.PrometheusChunks;

/// <summary>Collects the bits of a Prometheus chunk, most significant first, padded with zeros. Reusable; not thread-safe.</summary>
sealed class ChunkBitWriter
{
    byte[] _bytes = new byte[256];
    long _bits;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, (int)((_bits + 7) >> 3));

    /// <summary>Bytes written earlier, to be overwritten.</summary>
    public Span<byte> Patch(int at, int count) => _bytes.AsSpan(at, count);

    public void Clear()
    {
        _bytes.AsSpan(0, Written.Length).Clear();
        _bits = 0;
    }

    public void WriteBit(bool bit) => Write(bit ? 1u : 0u, 1);

    /// <param name="value">The bits, in the lowest <paramref name="count"/> places; those above are ignored.</param>
    /// <param name="count">1 to 64.</param>
    public void Write(ulong value, int count)
    {
        if (_bytes.Length - (_bits >> 3) < 16) Array.Resize(ref _bytes, _bytes.Length * 2);
        unchecked
        {
            int left = count;
            while (left > 0)
            {
                int room = 8 - (int)(_bits & 7);
                int taken = Math.Min(room, left);
                uint part = (uint)(value >> (left - taken)) & ((1u << taken) - 1);
                _bytes[_bits >> 3] |= (byte)(part << (room - taken));
                _bits += taken;
                left -= taken;
            }
        }
    }

    public void WriteDouble(double value) => Write(BitConverter.DoubleToUInt64Bits(value), 64);

    public void WriteUvarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Write((value & 0x7f) | 0x80, 8);
        Write(value, 8);
    }

    public void WriteVarint(long value) => WriteUvarint(unchecked((ulong)(value << 1) ^ (ulong)(value >> 63)));
}
