using System.Runtime.InteropServices;
using Vigie.Storage;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Chunks;

public sealed unsafe class ChunkTests
{
    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Write_OfAnyWidths_GivesBackEveryBit(ulong seed)
    {
        var random = new SeededRandom(seed);
        using var arena = new Arena();
        int column = random.Chance(50) ? Chunk.OwnTimestamps : 0;
        var chunk = Chunk.Create(arena, null, ChunkKind.Float, column, 0, 1000, outOfOrder: false);
        var sink = new Chunk.Sink(chunk, arena);
        var written = new List<(ulong Bits, int Count)>();
        int widthMax = random.Pick(1, 9, 64);
        for (int i = random.Next(1, 5000); i > 0; i--)
        {
            int count = random.Next(1, widthMax + 1);
            ulong bits = random.NextUInt64() >> (64 - count);
            written.Add((bits, count));
            sink.Write(bits, count);
        }
        if (column == Chunk.OwnTimestamps) Assert.Equal(1000, Chunk.OwnTimesOf(chunk)->MinTimeMs);

        ulong[] words = [];
        int copied = Chunk.CopyWords(Chunk.FirstWordsOf(chunk), 0, ref words);
        var reader = new BitReader(MemoryMarshal.AsBytes(words.AsSpan(0, copied)));
        foreach (var (bits, count) in written) Assert.Equal(bits, reader.ReadLong(count));
        Assert.False(reader.Overrun);
    }

    [Fact]
    public void Create_WithSharedTimestamps_TakesAHundredBytes()
    {
        using var arena = new Arena();
        Chunk.Create(arena, null, ChunkKind.Float, 0, 0, 0, outOfOrder: false);
        Assert.InRange(arena.UsedBytes, 1, 100);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(1000)]
    [InlineData(4000)]
    [InlineData(30_000)]
    public void Write_BitsInTotal_TakesLittleMoreThanTheyNeed(int bits)
    {
        using var arena = new Arena();
        var chunk = Chunk.Create(arena, null, ChunkKind.Float, 0, 0, 0, outOfOrder: false);
        long empty = arena.UsedBytes;
        var sink = new Chunk.Sink(chunk, arena);
        for (int i = 0; i < bits; i++) sink.Write(1, 1);
        Assert.InRange(arena.UsedBytes - empty, (bits / 8) - 24, (bits * 3 / 2 / 8) + 40);
    }
}
