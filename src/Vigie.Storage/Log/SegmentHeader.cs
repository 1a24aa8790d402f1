using System.Buffers.Binary;

namespace Vigie.Storage;

/// <summary>
/// First 16 bytes of a log segment, little-endian: magic "VLOG" 4 | version 1 | oldest reader 1 | kind 1 | zero 1 | segment number 8.
/// See docs/formats/log.md.
/// </summary>
/// <param name="Version">Version of the writer.</param>
/// <param name="OldestReader">A reader of a lower version must not read the segment.</param>
/// <param name="Kind">Which log this is, chosen by its owner: a segment moved into another's folder is refused.</param>
public readonly record struct SegmentHeader(byte Version, byte OldestReader, byte Kind, ulong SegmentNumber)
{
    public const int Size = 16;
    public const byte CurrentVersion = 1;
    const uint Magic = 0x474F4C56;      // "VLOG"

    public void WriteTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, Magic);
        destination[4] = Version;
        destination[5] = OldestReader;
        destination[6] = Kind;
        destination[7] = 0;
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], SegmentNumber);
    }

    public static bool TryRead(ReadOnlySpan<byte> source, byte kind, out SegmentHeader header, out string? problem)
    {
        header = default;
        if (source.Length < Size)
        {
            problem = $"{source.Length} bytes, expected a header of {Size}";
            return false;
        }
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(source);
        header = new SegmentHeader(source[4], source[5], source[6], BinaryPrimitives.ReadUInt64LittleEndian(source[8..]));
        problem = magic != Magic ? $"magic {magic:x8}, expected {Magic:x8}"
            : header.OldestReader > CurrentVersion ? $"needs a reader of version {header.OldestReader}, this one has {CurrentVersion}"
            : header.Kind != kind ? $"log of kind {header.Kind}, expected {kind}"
            : null;
        return problem is null;
    }
}
