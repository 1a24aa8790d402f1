using System.Buffers.Binary;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>Sections of a block file, in file order.</summary>
enum BlockSection
{
    /// <summary>Encoded chunks, in pages; checked page by page.</summary>
    Chunks,
    /// <summary>Where pages of <see cref="Chunks"/> end, and their checksums.</summary>
    Pages,
    /// <summary>Timestamps, each distinct run once.</summary>
    Columns,
    /// <summary>Per series: labels and chunks.</summary>
    Entries,
    /// <summary>Per series: hash of its labels and where its entry is.</summary>
    Series,
    Symbols,
    Postings,
}

/// <summary>How the values of a chunk are encoded. The numbers are part of the format.</summary>
enum ChunkEncoding : byte
{
    /// <summary>One value for all samples: 8 bytes.</summary>
    Constant = 1,
    /// <summary><see cref="ValueCodec"/>.</summary>
    Adaptive = 2,
    /// <summary><see cref="PackedCodec"/>.</summary>
    Packed = 4,
    /// <summary><see cref="HistogramRunCodec"/>.</summary>
    HistogramRuns = 5,
}

/// <summary>Where a section lies and what its bytes must sum to.</summary>
readonly record struct SectionRange(long Offset, long Length, uint Checksum);

/// <summary>What a block holds, as its footer says.</summary>
readonly record struct BlockSummary(ulong Number, int Series, long Samples, long MinTimeMs, long MaxTimeMs);

/// <summary>
/// Header (16 bytes, as a log segment's but with magic "VBLK") and footer of a block file. Layout: docs/formats/block.md.
/// </summary>
static class BlockFormat
{
    public const byte Version = 1;
    public const byte OldestReader = 1;
    public const int HeaderBytes = 16;
    public const int SectionCount = 7;
    public const int FooterBytes = (SectionCount * 20) + 32 + 8;
    public const int SeriesRecordBytes = 12;
    public const int PageRecordBytes = 12;
    public const int NameRecordBytes = 12;
    public const int PairRecordBytes = 12;
    /// <summary>Samples of one chunk, at most.</summary>
    public const int ChunkSamplesMax = 512;
    /// <summary>A page is closed at the first chunk that makes it this long.</summary>
    public const int PageBytes = 32 << 10;
    const uint Magic = 0x4B4C4256;      // "VBLK"

    public static void WriteHeader(Span<byte> destination, ulong number)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        destination[4] = Version;
        destination[5] = OldestReader;
        destination[6] = destination[7] = 0;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], number);
    }

    public static void WriteFooter(ByteBuffer output, in BlockSummary summary, ReadOnlySpan<SectionRange> sections)
    {
        int start = output.Length;
        foreach (var section in sections)
        {
            output.WriteUInt64((ulong)section.Offset);
            output.WriteUInt64((ulong)section.Length);
            output.WriteUInt32(section.Checksum);
        }
        output.WriteUInt64((ulong)summary.Series);
        output.WriteUInt64((ulong)summary.Samples);
        output.WriteUInt64(unchecked((ulong)summary.MinTimeMs));
        output.WriteUInt64(unchecked((ulong)summary.MaxTimeMs));
        output.WriteUInt32(Crc32C.Of(output.Written[start..]));
        output.WriteUInt32(Magic);
    }

    /// <summary>Null if the file is whole; else what is wrong with it.</summary>
    public static string? TryRead(IMappedFile file, out BlockSummary summary, out SectionRange[] sections)
    {
        summary = default;
        sections = new SectionRange[SectionCount];
        if (file.Length < HeaderBytes + FooterBytes) return $"{file.Length} bytes, expected at least {HeaderBytes + FooterBytes}";
        var header = file.Slice(0, HeaderBytes);
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (magic != Magic) return $"magic {magic:x8}, expected {Magic:x8}";
        if (header[5] > Version) return $"needs a reader of version {header[5]}, this one has {Version}";
        var footer = file.Slice(file.Length - FooterBytes, FooterBytes);
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(footer[^8..]);
        uint actual = Crc32C.Of(footer[..^8]);
        if (actual != expected) return $"footer checksum {actual:x8}, expected {expected:x8}";
        var input = new ByteReader(footer);
        for (int i = 0; i < SectionCount; i++)
        {
            sections[i] = new SectionRange((long)input.ReadUInt64(), (long)input.ReadUInt64(), input.ReadUInt32());
            if (sections[i].Offset < 0 || sections[i].Length < 0 || sections[i].Offset > file.Length - sections[i].Length)
                return $"section {(BlockSection)i} lies outside the file";
        }
        summary = new BlockSummary(
            BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
            (int)input.ReadUInt64(), (long)input.ReadUInt64(), unchecked((long)input.ReadUInt64()), unchecked((long)input.ReadUInt64()));
        return null;
    }
}
