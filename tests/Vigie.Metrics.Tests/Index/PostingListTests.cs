using System.Collections;
using Vigie.Testing;

namespace Vigie.Metrics.Tests.Index;

public sealed class PostingListTests
{
    public static TheoryData<ulong> Seeds => [.. SeededRandom.Seeds(20)];

    /// <summary>Runs, gaps, slots reused late, and drops, as series of pages that come and go make them.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void History_OfAddsAndDrops_HoldsWhatASortedSetHolds(ulong seed)
    {
        var random = new SeededRandom(seed);
        var list = default(PostingList);
        var model = new SortedSet<int>();
        var room = new List<int>();
        int next = random.Next(3);
        for (int step = 0; step < 40; step++)
        {
            switch (random.Next(4))
            {
                case 0:
                    for (int run = random.Next(1, 300); run > 0; run--) Add(next++);
                    break;
                case 1:
                    for (int i = random.Next(1, 50); i > 0; i--) Add(next += random.Next(1, 2000));
                    next++;
                    break;
                case 2:
                    for (int i = random.Next(1, 100); i > 0; i--) Add(random.Next(next + 1));
                    next = Math.Max(next, model.Count == 0 ? 0 : model.Max + 1);
                    break;
                default:
                    int share = random.Next(1, 100);
                    var dropped = model.Where(_ => random.Chance(share)).ToHashSet();
                    var bits = new BitArray(model.Count == 0 ? 0 : model.Max + 1);
                    foreach (int slot in dropped) bits[slot] = true;
                    list.RemoveAll(bits, room);
                    model.ExceptWith(dropped);
                    break;
            }
            Assert.Equal(model.Count, list.Count);
            var slots = new List<int> { -1 };       // what was there stays
            list.AppendTo(slots);
            Assert.Equal([-1, .. model], slots);
        }

        void Add(int slot)
        {
            if (model.Add(slot)) list.Add(slot);
        }
    }

    [Fact]
    public void Add_OneRun_AllocatesNothing()
    {
        var list = default(PostingList);
        Assert.Equal(0, Allocations.Of(() =>
        {
            list = default;
            for (int slot = 7; slot < 1000; slot++) list.Add(slot);
        }));
        Assert.Equal(993, list.Count);
    }
}
