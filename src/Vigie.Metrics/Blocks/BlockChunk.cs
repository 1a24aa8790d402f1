using Vigie.Storage;

namespace Vigie.Metrics;

/// <summary>A chunk as a series' entry in a block describes it: encoding 1, then varints: run, offset, length.</summary>
/// <param name="Run">Offset of its timestamps in the columns section.</param>
/// <param name="Offset">Of its values in the chunks section.</param>
readonly record struct BlockChunk(ChunkEncoding Encoding, uint Run, long Offset, long Length)
{
    public void Write(ByteBuffer output)
    {
        output.WriteByte((byte)Encoding);
        output.WriteVarint(Run);
        output.WriteVarint((ulong)Offset);
        output.WriteVarint((ulong)Length);
    }

    public static BlockChunk Read(ref ByteReader input)
    {
        unchecked
        {
            var encoding = (ChunkEncoding)input.ReadByte();
            uint run = (uint)input.ReadVarint();
            long offset = (long)input.ReadVarint(), length = (long)input.ReadVarint();
            return new BlockChunk(encoding, run, Math.Max(0, offset), Math.Max(0, length));
        }
    }
}

/// <summary>The chunks in a series' entry, in order; for <c>foreach</c>.</summary>
ref struct BlockChunks
{
    ByteReader _input;

    public BlockChunks(ReadOnlySpan<byte> entry)
    {
        _input = new ByteReader(entry);
        for (int labels = _input.ReadCount(); labels > 0; labels--) _ = _input.ReadVarint();
    }

    public BlockChunk Current { get; private set; }

    public readonly BlockChunks GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_input.AtEnd) return false;
        Current = BlockChunk.Read(ref _input);
        return !_input.Failed;
    }
}
