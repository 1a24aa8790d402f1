using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>A chunk as a series' entry in a block describes it.</summary>
/// <param name="Column">Offset of its timestamps in the columns section.</param>
/// <param name="Offset">Of its values in the chunks section.</param>
readonly record struct BlockChunk(
    long MinTimeMs, long MaxTimeMs, int Samples, ChunkEncoding Encoding, uint Column, long Offset, long Length)
{
    public static BlockChunk Read(ref ByteReader input)
    {
        unchecked
        {
            long min = input.ReadSigned();
            long max = min + (long)input.ReadVarint();
            int samples = (int)input.ReadVarint();
            var encoding = (ChunkEncoding)input.ReadByte();
            uint column = (uint)input.ReadVarint();
            long offset = (long)input.ReadVarint(), length = (long)input.ReadVarint();
            return new BlockChunk(min, max, Math.Max(0, samples), encoding, column, Math.Max(0, offset), Math.Max(0, length));
        }
    }
}
