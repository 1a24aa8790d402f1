using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Vigie.Protocols.Compression;

/// <summary>
/// Encodes the snappy block format (google/snappy, format_description.txt): fragments of 64 KiB, each searched for repeats of four bytes
/// and
/// more through a table of hashed positions. Reusable; not thread-safe.
/// </summary>
public sealed class SnappyBlockEncoder
{
    const int FragmentBytes = 1 << 16;
    const int TableBitsMax = 14, TableBitsMin = 8;
    /// <summary>The search stops this far from a fragment's end, so that it may read eight bytes at once.</summary>
    const int MarginBytes = 15;

    readonly ushort[] _table = new ushort[1 << TableBitsMax];

    /// <summary>Most bytes <see cref="Encode"/> writes for an input of that length.</summary>
    public static int EncodedLengthMax(int length) => checked(32 + length + (length / 6));

    /// <param name="output">At least <see cref="EncodedLengthMax"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Encode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int at = 0;
        uint length = (uint)input.Length;
        while (length >= 0x80)
        {
            output[at++] = (byte)((length & 0x7f) | 0x80);
            length >>= 7;
        }
        output[at++] = (byte)length;
        while (!input.IsEmpty)
        {
            var fragment = input[..Math.Min(FragmentBytes, input.Length)];
            at = EncodeFragment(fragment, output, at);
            input = input[fragment.Length..];
        }
        return at;
    }

    int EncodeFragment(ReadOnlySpan<byte> fragment, Span<byte> output, int at)
    {
        int literalStart = 0;
        if (fragment.Length > MarginBytes)
        {
            int bits = Math.Clamp(32 - BitOperations.LeadingZeroCount((uint)(fragment.Length - 1)), TableBitsMin, TableBitsMax);
            var table = _table.AsSpan(0, 1 << bits);
            table.Clear();
            int shift = 32 - bits, limit = fragment.Length - MarginBytes;
            int position = 1;
            while (true)
            {
                // The longer nothing repeats, the larger the steps.
                int skip = 32, candidate;
                while (true)
                {
                    if (position > limit) goto tail;
                    uint next = Load32(fragment, position);
                    ref ushort entry = ref table[Hash(next, shift)];
                    candidate = entry;
                    entry = (ushort)position;
                    if (candidate < position && next == Load32(fragment, candidate)) break;
                    position += skip >> 5;
                    skip += skip >> 5;
                }
                at = WriteLiteral(fragment[literalStart..position], output, at);
                do
                {
                    int length = 4 + fragment[(position + 4)..].CommonPrefixLength(fragment[(candidate + 4)..]);
                    at = WriteCopy(position - candidate, length, output, at);
                    position += length;
                    literalStart = position;
                    if (position > limit) goto tail;
                    table[Hash(Load32(fragment, position - 1), shift)] = (ushort)(position - 1);
                    uint next = Load32(fragment, position);
                    ref ushort entry = ref table[Hash(next, shift)];
                    candidate = entry;
                    entry = (ushort)position;
                    if (candidate >= position || next != Load32(fragment, candidate)) break;
                }
                while (true);
                position++;
            }
        }
    tail:
        return literalStart < fragment.Length ? WriteLiteral(fragment[literalStart..], output, at) : at;
    }

    static int WriteLiteral(ReadOnlySpan<byte> literal, Span<byte> output, int at)
    {
        int less = literal.Length - 1;
        if (less < 60)
        {
            output[at++] = (byte)(less << 2);
        }
        else if (less < 1 << 8)
        {
            output[at++] = 60 << 2;
            output[at++] = (byte)less;
        }
        else
        {
            output[at] = 61 << 2;
            BinaryPrimitives.WriteUInt16LittleEndian(output[(at + 1)..], (ushort)less);
            at += 3;
        }
        literal.CopyTo(output[at..]);
        return at + literal.Length;
    }

    static int WriteCopy(int offset, int length, Span<byte> output, int at)
    {
        // Copies hold at most 64 bytes; none may be left with fewer than 4 for the short form.
        while (length >= 68)
        {
            at = WriteLongCopy(offset, 64, output, at);
            length -= 64;
        }
        if (length > 64)
        {
            at = WriteLongCopy(offset, 60, output, at);
            length -= 60;
        }
        if (length >= 12 || offset >= 2048) return WriteLongCopy(offset, length, output, at);
        output[at] = (byte)((offset >> 8 << 5) | ((length - 4) << 2) | 1);
        output[at + 1] = (byte)(offset & 0xff);
        return at + 2;
    }

    static int WriteLongCopy(int offset, int length, Span<byte> output, int at)
    {
        output[at] = (byte)(((length - 1) << 2) | 2);
        BinaryPrimitives.WriteUInt16LittleEndian(output[(at + 1)..], (ushort)offset);
        return at + 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Hash(uint bytes, int shift) => (int)(unchecked(bytes * 0x1e35a7bd) >> shift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static uint Load32(ReadOnlySpan<byte> bytes, int at) =>
        Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(bytes), at));
}
