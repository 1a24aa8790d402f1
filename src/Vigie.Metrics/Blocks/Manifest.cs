using System.Buffers.Binary;
using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>
/// Which blocks make up the store, and from which log segment on the samples are not in them. Replaced atomically: it is the moment at which
/// a block written or compacted becomes part of the store. Layout: docs/formats/manifest.md.
/// </summary>
/// <param name="Blocks">Numbers of the blocks, oldest samples first.</param>
/// <param name="NextBlock">The number the next block gets; numbers are never reused.</param>
/// <param name="FirstSegment">Older log segments are in blocks already.</param>
sealed record Manifest(IReadOnlyList<ulong> Blocks, ulong NextBlock, ulong FirstSegment)
{
    public const string FileName = "MANIFEST";
    const uint Magic = 0x4E414D56;      // "VMAN"
    const byte Version = 1;

    public static Manifest Empty { get; } = new([], 1, 0);

    public void Write(IFileSystem files, string directory)
    {
        var output = new ByteBuffer();
        output.WriteUInt32(Magic);
        output.WriteByte(Version);
        output.WriteByte(1);        // oldest reader
        output.WriteVarint(FirstSegment);
        output.WriteVarint(NextBlock);
        output.WriteVarint((ulong)Blocks.Count);
        foreach (ulong block in Blocks) output.WriteVarint(block);
        output.WriteUInt32(Crc32C.Of(output.Written));
        files.WriteAtomic(Path.Combine(directory, FileName), output.Written);
    }

    /// <summary>Null if there is none (then <paramref name="problem"/> is null too) or it is damaged.</summary>
    public static Manifest? TryRead(IFileSystem files, string directory, out string? problem)
    {
        problem = null;
        string path = Path.Combine(directory, FileName);
        if (!files.FileExists(path)) return null;
        byte[] bytes = files.ReadAll(path);
        var read = TryParse(bytes, out problem);
        if (read is null) problem = $"{path}: {problem}";
        return read;
    }

    static Manifest? TryParse(ReadOnlySpan<byte> bytes, out string? problem)
    {
        if (bytes.Length < 10)
        {
            problem = $"{bytes.Length} bytes, expected at least 10";
            return null;
        }
        uint expected = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]), actual = Crc32C.Of(bytes[..^4]);
        var input = new ByteReader(bytes[..^4]);
        uint magic = input.ReadUInt32();
        _ = input.ReadByte();
        byte oldestReader = input.ReadByte();
        problem = actual != expected ? $"checksum {actual:x8}, expected {expected:x8}"
            : magic != Magic ? $"magic {magic:x8}, expected {Magic:x8}"
            : oldestReader > Version ? $"needs a reader of version {oldestReader}, this one has {Version}"
            : null;
        if (problem is not null) return null;
        ulong firstSegment = input.ReadVarint(), nextBlock = input.ReadVarint();
        var blocks = new ulong[input.ReadCount()];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = input.ReadVarint();
        return new Manifest(blocks, nextBlock, firstSegment);
    }
}
