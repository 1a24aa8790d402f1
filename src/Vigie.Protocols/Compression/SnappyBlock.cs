using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Vigie.Protocols.Compression;

/// <summary>Decodes the snappy block format (google/snappy, format_description.txt), which remote write and Loki's push use; <see
/// cref="SnappyBlockEncoder"/> is its twin.</summary>
public static class SnappyBlock
{
    /// <summary>Bytes of one vector, and of the longest copy.</summary>
    const int Wide = 16, CopyMax = 64;

    /// <summary>The length the block will have when decoded.</summary>
    /// <exception cref="ProtocolException">The length is missing, malformed, or over <paramref name="bytesMax"/>.</exception>
    public static int DecodedLength(ReadOnlySpan<byte> block, int bytesMax)
    {
        ReadLength(block, out uint length, out _);
        if (length > bytesMax) throw new ProtocolException($"snappy: found a block of {length} bytes, expected at most {bytesMax}");
        return (int)length;
    }

    /// <summary>Decodes a whole block.</summary>
    /// <param name="output">Exactly <see cref="DecodedLength"/> bytes.</param>
    /// <exception cref="ProtocolException">The block is corrupt.</exception>
    public static void Decode(ReadOnlySpan<byte> block, Span<byte> output)
    {
        ReadLength(block, out uint length, out int at);
        if (length != output.Length) throw Corrupt(0, $"length {length}, expected {output.Length}");
        int written = 0;
        while (at < block.Length)
        {
            byte tag = block[at];
            if ((tag & 3) == 0)
            {
                int size = LiteralLength(block, ref at, tag);
                if (size <= 0 || size > block.Length - at || size > output.Length - written) throw Corrupt(at, $"a literal of {size} bytes");
                if (size <= Wide && block.Length - at >= Wide && output.Length - written >= Wide)
                    CopyWide(ref Unsafe.Add(ref MemoryMarshal.GetReference(output), written), ref Unsafe.Add(ref MemoryMarshal.GetReference(block), at));
                else
                    block.Slice(at, size).CopyTo(output[written..]);
                at += size;
                written += size;
                continue;
            }
            int offset, count;
            if ((tag & 3) == 1)
            {
                if (block.Length - at < 2) throw Corrupt(at, "a copy without its offset");
                count = 4 + (tag >> 2 & 7);
                offset = (tag & 0xe0) << 3 | block[at + 1];
                at += 2;
            }
            else
            {
                int width = (tag & 3) == 2 ? 2 : 4;
                if (block.Length - at < 1 + width) throw Corrupt(at, "a copy without its offset");
                count = 1 + (tag >> 2);
                uint wide = width == 2
                    ? BinaryPrimitives.ReadUInt16LittleEndian(block[(at + 1)..])
                    : BinaryPrimitives.ReadUInt32LittleEndian(block[(at + 1)..]);
                offset = wide > int.MaxValue ? int.MaxValue : (int)wide;
                at += 1 + width;
            }
            if (offset == 0 || offset > written || count > output.Length - written) throw Corrupt(at, $"a copy of {count} bytes from {offset} back");
            Copy(output, written, offset, count);
            written += count;
        }
        if (written != output.Length) throw Corrupt(at, $"{written} bytes of content, expected {output.Length}");
    }

    /// <param name="count">At most 64, as the format has it.</param>
    static void Copy(Span<byte> output, int written, int offset, int count)
    {
        ref byte target = ref Unsafe.Add(ref MemoryMarshal.GetReference(output), written);
        ref byte source = ref Unsafe.Subtract(ref target, offset);
        // Whole vectors may run past the copy, into what is written next; near the end, or when the distance is short, go byte by byte.
        if (offset >= Wide && output.Length - written >= CopyMax)
        {
            CopyWide(ref target, ref source);
            for (int i = Wide; i < count; i += Wide) CopyWide(ref Unsafe.Add(ref target, i), ref Unsafe.Add(ref source, i));
            return;
        }
        for (int i = 0; i < count; i++) Unsafe.Add(ref target, i) = Unsafe.Add(ref source, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyWide(ref byte target, ref byte source) => Vector128.LoadUnsafe(ref source).StoreUnsafe(ref target);

    static int LiteralLength(ReadOnlySpan<byte> block, ref int at, byte tag)
    {
        int size = tag >> 2;
        at++;
        if (size < 60) return size + 1;
        int width = size - 59;
        if (block.Length - at < width) throw Corrupt(at, "a literal without its length");
        uint length = 0;
        for (int i = 0; i < width; i++) length |= (uint)block[at + i] << (8 * i);
        at += width;
        return length >= int.MaxValue ? -1 : (int)length + 1;
    }

    static void ReadLength(ReadOnlySpan<byte> block, out uint length, out int at)
    {
        ulong value = 0;
        for (at = 0; at < Math.Min(block.Length, 5); at++)
        {
            value |= (ulong)(block[at] & 0x7f) << (7 * at);
            if (block[at] >= 0x80) continue;
            if (value > uint.MaxValue) break;
            at++;
            length = (uint)value;
            return;
        }
        throw new ProtocolException("snappy: corrupt input");
    }

    static ProtocolException Corrupt(int offset, string found) => new($"snappy: corrupt input at byte {offset}: found {found}");
}
