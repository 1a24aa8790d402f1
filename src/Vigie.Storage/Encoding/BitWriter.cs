using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Storage;

/// <summary>A growing bit stream: bit 0 of the stream is bit 0 of byte 0. Reusable; not thread-safe.</summary>
public sealed class BitWriter
{
    ulong[] _words = new ulong[64];
    ulong _open;
    int _openBits;
    int _full;

    public long BitCount => ((long)_full * 64) + _openBits;

    /// <summary>Bytes of <see cref="CopyTo"/>.</summary>
    public int ByteCount => (_full * 8) + ((_openBits + 7) / 8);

    public void Clear() => (_open, _openBits, _full) = (0, 0, 0);

    /// <inheritdoc cref="IBitSink.Write"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(ulong bits, int count)
    {
        unchecked
        {
            _open |= bits << _openBits;
            int used = _openBits + count;
            if (used < 64) _openBits = used;
            else FillWord(bits, used);
        }
    }

    void FillWord(ulong bits, int used)
    {
        unchecked
        {
            if (_full == _words.Length) Array.Resize(ref _words, _words.Length * 2);
            _words[_full++] = _open;
            _open = _openBits == 0 ? 0 : bits >> (64 - _openBits);
            _openBits = used - 64;
        }
    }

    /// <summary>Writes all bits, the last byte filled up with zeros.</summary>
    public void CopyTo(Span<byte> destination)
    {
        MemoryMarshal.AsBytes(_words.AsSpan(0, _full)).CopyTo(destination);     // little-endian machines only, see BitReader
        Span<byte> last = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(last, _open);
        last[..((_openBits + 7) / 8)].CopyTo(destination[(_full * 8)..]);
    }

    /// <summary>The writer as a struct, for encoders that are generic over their sink.</summary>
    public Sink AsSink() => new(this);

    public readonly struct Sink(BitWriter writer) : IBitSink
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Write(ulong bits, int count) => writer.Write(bits, count);
    }
}
