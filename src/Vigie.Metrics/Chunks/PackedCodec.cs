using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Values of a whole chunk as differences from a group's least one, packed in the base of their range: of integers from 0 to r − 1, as many
/// as fit go to 64 bits as the digits of one number, where that beats whole bits each. Either the values are packed or their increments.
/// Layout: docs/formats/values.md.
/// </summary>
/// <remarks>Header byte: mapping 4 bits | increments 1 bit | group size 3 bits (0: all in one, else 2^(size + 3)).</remarks>
sealed class PackedCodec
{
    static ReadOnlySpan<byte> GroupSizes => [0, 3];     // all in one; 64

    /// <summary>Widest number that eight bytes from any bit on hold whole.</summary>
    const int PeekBits = 57;

    readonly BitWriter _bits = new();
    readonly ByteBuffer _heads = new();
    readonly long[] _mapped = new long[BlockFormat.ChunkSamplesMax];
    readonly long[] _increments = new long[BlockFormat.ChunkSamplesMax];

    /// <summary>Appends the smallest packing.</summary>
    /// <returns>False, with nothing appended, if it takes <paramref name="bytesMax"/> bytes or more, or a value is odd (NaN, ±Inf, −0).</returns>
    public bool TryEncode(ReadOnlySpan<double> values, int bytesMax, ByteBuffer output)
    {
        if (!TryMap(values, out byte mapping)) return false;
        for (int i = 1; i < values.Length; i++) _increments[i] = unchecked(_mapped[i] - _mapped[i - 1]);
        var (increments, size) = Cheapest(values.Length);
        Pack(values.Length, mapping, increments, size);
        if (_heads.Length + _bits.ByteCount >= bytesMax) return false;
        output.WriteBytes(_heads.Written);
        output.WriteBits(_bits);
        return true;
    }

    /// <returns>False if the bytes do not hold that many values.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, Span<double> values) => TryDecode(bytes, values.Length, 0, values, owner: 0, chunk: 0);

    /// <summary>Decodes a stretch of the values.</summary>
    /// <param name="count">Of the whole chunk, at most <see cref="BlockFormat.ChunkSamplesMax"/>.</param>
    /// <param name="start">Of the first one wanted.</param>
    /// <param name="owner">With <paramref name="chunk"/>, the chunk's name for the <see cref="ChunkSeeker"/>; 0 if it has none.</param>
    /// <returns>False if the bytes do not hold that many values.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, int count, int start, Span<double> values, uint owner, nint chunk)
    {
        var heads = new ByteReader(bytes);
        byte header = heads.ReadByte();
        int mapping = header & 15;
        bool increments = (header & 16) != 0;
        int first = increments ? 1 : 0;
        long last = increments ? heads.ReadSigned() : 0;
        int group = GroupLength(header >> 5, count);
        int groups = (count - first + group - 1) / group;
        if (groups > heads.Remaining || mapping is > ValueMapping.PlacesMax and not ValueMapping.Bits) return false;
        Span<long> least = stackalloc long[groups];
        Span<ulong> greatest = stackalloc ulong[groups];
        for (int g = 0; g < groups; g++)
        {
            least[g] = heads.ReadSigned();
            greatest[g] = heads.ReadVarint();
        }
        if (heads.Failed) return false;
        var bits = new BitReader(bytes[heads.Position..]);
        if (increments && start == 0 && values.Length > 0) values[0] = ValueMapping.Unmap(last, mapping);
        Span<long> mapped = stackalloc long[Math.Min(group, count)];
        // Increments must be added up from the beginning, or from a place whose sum is known.
        int known = 0, boundary = increments && owner != 0 ? start & -ChunkSeeker.Spacing : 0;
        if (boundary > 0 && ChunkSeeker.TryFind(owner, chunk, start, out var place)) (known, last) = (place.Index, place.Values.LastMapped);
        for (int g = 0, from = first; g < groups && from < start + values.Length; g++, from += group)
        {
            int length = Math.Min(group, count - from), skipped = Math.Clamp((increments ? known : start) - from, 0, length);
            Unpack(ref bits, least[g], greatest[g], skipped, mapped[..length]);
            if (increments) AddUp(mapped[skipped..length], ref last);
            if (boundary > known && boundary - 1 >= from + skipped && boundary - 1 < from + length)
                Remember(owner, chunk, boundary, mapped[boundary - 1 - from]);
            int wanted = Math.Clamp(start - from, 0, length), end = Math.Min(length, start + values.Length - from);
            if (end > wanted) ValueMapping.Unmap(mapped[wanted..end], mapping, values[(from + wanted - start)..]);
        }
        return !bits.Overrun;
    }

    /// <summary>Maps all values with the first mapping that is exact for each.</summary>
    bool TryMap(ReadOnlySpan<double> values, out byte mapping)
    {
        mapping = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (ValueMapping.TryMap(values[i], mapping, out _mapped[i])) continue;
            if (ValueMapping.IsOdd(values[i])) return false;
            mapping = mapping == ValueMapping.Bits ? mapping : ValueMapping.Find(values[i], mapping + 1, out _);
            i = -1;     // the values before need the new mapping too
        }
        return true;
    }

    (bool Increments, byte Size) Cheapest(int count)
    {
        var best = (Increments: false, Size: (byte)0);
        long fewest = long.MaxValue;
        for (int increments = 0; increments <= 1; increments++)
        {
            foreach (byte size in GroupSizes)
            {
                long bits = EstimateBits(increments == 0 ? _mapped.AsSpan(0, count) : _increments.AsSpan(1, count - 1), GroupLength(size, count));
                if (bits >= fewest) continue;
                fewest = bits;
                best = (increments != 0, size);
            }
        }
        return best;
    }

    static long EstimateBits(ReadOnlySpan<long> values, int group)
    {
        long bits = 0;
        for (int start = 0; start < values.Length; start += group)
        {
            var part = values[start..Math.Min(values.Length, start + group)];
            ulong greatest = GreatestOf(part, out long least);
            int width = BitsOf(greatest);
            int digits = DigitsPerWord(greatest);
            bits += (digits == 0 ? part.Length * width : part.Length * 64L / digits) + HeadBitsOf(Varint.ZigZag(least)) + HeadBitsOf(greatest);
        }
        return bits;
    }

    void Pack(int count, byte mapping, bool increments, byte size)
    {
        _heads.Clear();
        _bits.Clear();
        _heads.WriteByte((byte)(mapping | (increments ? 16 : 0) | (size << 5)));
        if (increments) _heads.WriteSigned(_mapped[0]);
        var packed = increments ? _increments.AsSpan(1, count - 1) : _mapped.AsSpan(0, count);
        int group = GroupLength(size, count);
        for (int start = 0; start < packed.Length; start += group) PackGroup(packed.Slice(start, Math.Min(group, packed.Length - start)));
    }

    void PackGroup(ReadOnlySpan<long> values)
    {
        unchecked
        {
            ulong greatest = GreatestOf(values, out long least);
            _heads.WriteSigned(least);
            _heads.WriteVarint(greatest);
            if (greatest == 0) return;
            int digits = DigitsPerWord(greatest);
            if (digits == 0)
            {
                int width = BitsOf(greatest);
                foreach (long value in values) _bits.Write((ulong)(value - least), width);
                return;
            }
            ulong radix = greatest + 1;
            for (int start = 0; start < values.Length; start += digits)
            {
                int end = Math.Min(values.Length, start + digits);
                ulong word = 0;
                for (int i = end - 1; i >= start; i--) word = (word * radix) + (ulong)(values[i] - least);
                _bits.Write(word, WordBits(radix, end - start, digits));
            }
        }
    }

    /// <summary>Reads the numbers of a group; the first <paramref name="skipped"/> of them are passed over and mean nothing.</summary>
    static void Unpack(ref BitReader bits, long least, ulong greatest, int skipped, scoped Span<long> mapped)
    {
        unchecked
        {
            int digits = DigitsPerWord(greatest);
            if (digits > 0)
            {
                UnpackDigits(ref bits, least, greatest + 1, digits, skipped, mapped);
                return;
            }
            int width = BitsOf(greatest);
            bits.Skip((long)width * skipped);
            if (width == 0) mapped[skipped..].Fill(least);
            else if (width > PeekBits) for (int i = skipped; i < mapped.Length; i++) mapped[i] = least + (long)bits.ReadLong(width);
            else UnpackBits(ref bits, least, width, mapped[skipped..]);
        }
    }

    /// <param name="width">At most <see cref="PeekBits"/>.</param>
    static void UnpackBits(ref BitReader bits, long least, int width, scoped Span<long> mapped)
    {
        unchecked
        {
            var bytes = bits.Bytes;
            ref byte first = ref MemoryMarshal.GetReference(bytes);
            ulong mask = (1ul << width) - 1;
            long position = bits.Position, last = (bytes.Length - 8L) * 8 + 7;
            int i = 0;
            for (; i < mapped.Length && position <= last; i++, position += width)
            {
                ulong word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref first, (nint)(position >> 3))) >> (int)(position & 7);
                mapped[i] = least + (long)(word & mask);
            }
            bits.Skip(position - bits.Position);
            for (; i < mapped.Length; i++) mapped[i] = least + (long)bits.Read(width);
        }
    }

    static void UnpackDigits(ref BitReader bits, long least, ulong radix, int digits, int skipped, scoped Span<long> mapped)
    {
        unchecked
        {
            // A division by the radix as a multiplication: the quotient comes out right or a little too small.
            ulong reciprocal = ulong.MaxValue / radix;
            int at = skipped / digits * digits;
            bits.Skip(skipped / digits * 64L);
            // Two words at a time: the digits of one wait for each other.
            for (; at + (2 * digits) <= mapped.Length; at += 2 * digits)
            {
                ulong first = bits.ReadLong(64), second = bits.ReadLong(64);
                var firsts = mapped.Slice(at, digits);
                var seconds = mapped.Slice(at + digits, digits);
                for (int i = 0; i < firsts.Length; i++)
                {
                    firsts[i] = least + (long)NextDigit(ref first, radix, reciprocal);
                    seconds[i] = least + (long)NextDigit(ref second, radix, reciprocal);
                }
            }
            while (at < mapped.Length)
            {
                int end = Math.Min(mapped.Length, at + digits);
                ulong word = bits.ReadLong(end - at == digits ? 64 : WordBits(radix, end - at, digits));
                for (; at < end; at++) mapped[at] = least + (long)NextDigit(ref word, radix, reciprocal);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong NextDigit(ref ulong word, ulong radix, ulong reciprocal)
    {
        unchecked
        {
            ulong quotient = Math.BigMul(word, reciprocal, out _), digit = word - (quotient * radix);
            while (digit >= radix)
            {
                digit -= radix;
                quotient++;
            }
            word = quotient;
            return digit;
        }
    }

    static void Remember(uint owner, nint chunk, int index, long last)
    {
        var position = new ChunkPosition { Index = (ushort)index };
        position.Values.LastMapped = last;
        ChunkSeeker.Remember(owner, chunk, position);
    }

    static void AddUp(Span<long> increments, ref long last)
    {
        unchecked
        {
            long sum = last;
            foreach (ref long value in increments) value = sum += value;
            last = sum;
        }
    }

    /// <summary>The greatest difference to the least.</summary>
    static ulong GreatestOf(ReadOnlySpan<long> values, out long least)
    {
        least = values[0];
        long most = values[0];
        foreach (long value in values)
        {
            least = Math.Min(least, value);
            most = Math.Max(most, value);
        }
        return unchecked((ulong)(most - least));
    }

    /// <summary>How many numbers up to <paramref name="greatest"/> go to 64 bits together; 0 if whole bits for each are no worse.</summary>
    static int DigitsPerWord(ulong greatest)
    {
        if (greatest is 0 or > uint.MaxValue || BitOperations.IsPow2(greatest + 1)) return 0;
        ulong radix = greatest + 1, product = radix;
        int digits = 1;
        while (Math.BigMul(product, radix, out product) == 0) digits++;
        return digits > 64 / BitsOf(greatest) ? digits : 0;
    }

    /// <summary>Bits of a word of <paramref name="count"/> digits: all 64, or fewer for a last word that is not full.</summary>
    static int WordBits(ulong radix, int count, int digits)
    {
        if (count == digits) return 64;
        ulong product = 1;
        for (int i = 0; i < count; i++) product *= radix;
        return Math.Max(1, BitsOf(product - 1));
    }

    static int BitsOf(ulong value) => 64 - BitOperations.LeadingZeroCount(value);

    static int HeadBitsOf(ulong value) => 8 * Math.Max(1, (BitsOf(value) + 6) / 7);

    static int GroupLength(int size, int count) => size == 0 ? Math.Max(1, count) : 1 << (size + 3);
}
