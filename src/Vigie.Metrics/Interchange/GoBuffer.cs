using System.Buffers.Binary;
using Vigie.Storage;

namespace Vigie.Metrics.Interchange;

/// <summary>Writes the primitives of Prometheus' files: big-endian integers, Go's varints, texts with their length.</summary>
static class GoBuffer
{
    public static void WriteBig(this ByteBuffer output, uint value) => BinaryPrimitives.WriteUInt32BigEndian(output.Extend(4), value);

    public static void WriteBig(this ByteBuffer output, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(output.Extend(8), value);

    /// <summary>Length 4, the bytes, checksum 4: how sections of an index are framed.</summary>
    public static void WriteSection(this IAppendFile file, ByteBuffer content)
    {
        var frame = new ByteBuffer(8);
        frame.WriteBig((uint)content.Length);
        file.Append(frame.Written);
        file.Append(content.Written);
        frame.Clear();
        frame.WriteBig(Crc32C.Of(content.Written));
        file.Append(frame.Written);
    }

    /// <summary>Zeros up to a multiple of <paramref name="alignment"/>.</summary>
    public static void Pad(this IAppendFile file, int alignment)
    {
        int over = (int)(file.Length % alignment);
        if (over > 0) file.Append(new byte[alignment - over]);
    }
}
