using System.Numerics;

namespace Vigie.Storage;

/// <summary>
/// Variable-length integers, LEB128: seven bits per byte, least significant first, high bit set while more follow. Signed ones are
/// zig-zag mapped first (Protocol Buffers encoding guide).
/// </summary>
public static class Varint
{
    /// <summary>Most bytes a 64-bit value takes.</summary>
    public const int BytesMax = 10;

    /// <summary>Writes <paramref name="value"/>; <paramref name="destination"/> has room for <see cref="BytesMax"/> bytes.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(Span<byte> destination, ulong value)
    {
        int at = 0;
        unchecked
        {
            while (value >= 0x80)
            {
                destination[at++] = (byte)(value | 0x80);
                value >>= 7;
            }
            destination[at++] = (byte)value;
        }
        return at;
    }

    /// <summary>Bytes that <see cref="Write"/> writes.</summary>
    public static int LengthOf(ulong value) => (BitOperations.Log2(value | 1) / 7) + 1;

    /// <summary>Reads from <paramref name="at"/> and moves it behind the value; false, with it unmoved, if the bytes end or the value does
    /// not fit 64 bits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ref int at, out ulong value)
    {
        value = 0;
        int position = at;
        for (int shift = 0; shift < 64; shift += 7)
        {
            if ((uint)position >= (uint)source.Length) return false;
            byte b = source[position++];
            if (shift == 63 && b > 1) return false;
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                at = position;
                return true;
            }
        }
        return false;
    }

    public static ulong ZigZag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    public static long UnZigZag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}
