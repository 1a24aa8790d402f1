using System.Numerics;

namespace Vigie.Protocols.PrometheusChunks;

/// <summary>
/// Integers of variable width (prometheus tsdb/docs/format/chunks.md: varbit_int, varbit_uint, varbit_ts): a prefix of ones ended by a zero names
/// the width, 0 takes one bit. Signed values of a width of n bits go from −2^(n−1)+1 to 2^(n−1), as upstream has it.
/// </summary>
static class Varbit
{
    static ReadOnlySpan<byte> Widths => [0, 3, 6, 9, 12, 18, 25, 56, 64];
    static ReadOnlySpan<byte> TimeWidths => [0, 14, 17, 20, 64];

    public static long ReadSigned(ref ChunkBitReader input) => ReadSigned(ref input, Widths);

    public static void WriteSigned(ChunkBitWriter output, long value) => WriteSigned(output, value, Widths);

    /// <summary>The second difference of a timestamp of a float chunk.</summary>
    public static long ReadTime(ref ChunkBitReader input) => ReadSigned(ref input, TimeWidths);

    /// <inheritdoc cref="ReadTime"/>
    public static void WriteTime(ChunkBitWriter output, long value) => WriteSigned(output, value, TimeWidths);

    public static ulong ReadUnsigned(ref ChunkBitReader input)
    {
        int width = Widths[input.ReadOnes(Widths.Length - 1)];
        return width == 0 ? 0 : input.Read(width);
    }

    public static void WriteUnsigned(ChunkBitWriter output, ulong value)
    {
        int needed = 64 - BitOperations.LeadingZeroCount(value), at = 0;
        while (Widths[at] < needed) at++;
        WritePrefix(output, at, Widths.Length - 1);
        if (at > 0) output.Write(value, Widths[at]);
    }

    static long ReadSigned(ref ChunkBitReader input, ReadOnlySpan<byte> widths)
    {
        int width = widths[input.ReadOnes(widths.Length - 1)];
        if (width == 0) return 0;
        ulong bits = input.Read(width);
        if (width < 64 && bits > 1ul << (width - 1)) bits = unchecked(bits - (1ul << width));
        return unchecked((long)bits);
    }

    static void WriteSigned(ChunkBitWriter output, long value, ReadOnlySpan<byte> widths)
    {
        int at = 0;
        while (!Fits(value, widths[at])) at++;
        WritePrefix(output, at, widths.Length - 1);
        if (at > 0) output.Write(unchecked((ulong)value), widths[at]);
    }

    static bool Fits(long value, int width) => width switch
    {
        0 => value == 0,
        64 => true,
        _ => value >= 1 - (1L << (width - 1)) && value <= 1L << (width - 1),
    };

    /// <summary>As many ones as <paramref name="ones"/>, and a zero unless it is the longest prefix.</summary>
    static void WritePrefix(ChunkBitWriter output, int ones, int onesMax)
    {
        if (ones == onesMax) output.Write((1ul << ones) - 1, ones);
        else output.Write(((1ul << ones) - 1) << 1, ones + 1);
    }
}
