using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Storage;

/// <summary>
/// Reads what <see cref="BitWriter"/> wrote. Past the end it reads zeros and says so (<see cref="Overrun"/>): a decoder checks once, at
/// its end, not per value.
/// </summary>
public ref struct BitReader
{
    readonly ReadOnlySpan<byte> _bytes;
    long _position;

    public BitReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _position = 0;
    }

    static BitReader()
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("the store's formats need a little-endian machine");
    }

    /// <summary>All bytes, those already read included.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bits read so far.</summary>
    public readonly long Position => _position;

    /// <summary>More was read than there was.</summary>
    public readonly bool Overrun => _position > (long)_bytes.Length * 8;

    /// <summary>The next bits without moving on; at least 57 of them are valid (zeros behind the end).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Peek()
    {
        long at = _position >> 3;
        if (at + 8 > _bytes.Length) return PeekAtEnd();
        ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), (nint)at));
        return word >> (int)(_position & 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Skip(long count) => _position += count;

    /// <param name="count">0 to 57.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read(int count)
    {
        ulong bits = Peek() & ((1UL << count) - 1);
        _position += count;
        return bits;
    }

    /// <param name="count">0 to 64.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadLong(int count)
    {
        if (count <= 56) return Read(count);
        ulong low = Read(32);
        return low | (Read(count - 32) << 32);
    }

    readonly ulong PeekAtEnd()
    {
        long at = _position >> 3;
        if (at >= _bytes.Length) return 0;
        Span<byte> padded = stackalloc byte[8];
        padded.Clear();
        _bytes[(int)at..].CopyTo(padded);
        return MemoryMarshal.Read<ulong>(padded) >> (int)(_position & 7);
    }
}
