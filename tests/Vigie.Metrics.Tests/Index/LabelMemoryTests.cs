namespace Vigie.Metrics.Tests.Index;

public sealed unsafe class LabelMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(40_000)]
    public void Rent_OfAnyLength_GivesRoomOfItsOwn(int labels)
    {
        using var memory = new LabelMemory();
        var rooms = new nint[1000];
        for (int i = 0; i < rooms.Length; i++)
        {
            rooms[i] = (nint)memory.Rent(labels);
            new Span<uint>((void*)rooms[i], labels).Fill((uint)i);
        }
        for (int i = 0; i < rooms.Length; i++)
            Assert.Equal(-1, new Span<uint>((void*)rooms[i], labels).IndexOfAnyExcept((uint)i));
        foreach (nint room in rooms) memory.Return((uint*)room, labels);
    }

    [Fact]
    public void Rent_AfterReturn_TakesNoMoreMemory()
    {
        using var memory = new LabelMemory();
        long bytes = 0;
        for (int round = 0; round < 3; round++)
        {
            var rooms = Enumerable.Range(0, 10_000).Select(_ => (nint)memory.Rent(9)).ToArray();
            if (round == 0) bytes = memory.Bytes;
            Assert.Equal(bytes, memory.Bytes);
            foreach (nint room in rooms) memory.Return((uint*)room, 9);
        }
        Assert.InRange(bytes, 10_000 * 9 * 4, 10_000 * 9 * 4 * 6 / 5);
    }
}
