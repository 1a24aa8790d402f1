using Vigie.Model;

namespace Vigie.Metrics.Tests.Index;

public class CardinalityTests
{
    [Fact]
    public void TopCounts_AreThoseOfASort()
    {
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            var counts = Enumerable.Range(0, random.Next(40)).Select(i => (Name: $"n{i}", Count: (long)random.Next(6))).ToList();
            var top = new TopCounts<string>(10);
            foreach (var (name, count) in counts) top.Add(name, count);
            var expected = counts.OrderByDescending(static c => c.Count).ThenBy(static c => c.Name, StringComparer.Ordinal).Take(10);
            Assert.Equal(expected.Select(static c => new NamedCount(c.Name, c.Count)), top.Named());
        }
    }

    [Fact]
    public void CountBy_CountsSeriesPerTarget()
    {
        using var index = new HeadIndex();
        index.Add(Labels.Of(("__name__", "a"), ("job", "x"), ("instance", "1")));
        index.Add(Labels.Of(("__name__", "b"), ("job", "x"), ("instance", "1")));
        index.Add(Labels.Of(("__name__", "b"), ("job", "x"), ("instance", "2")));
        index.Add(Labels.Of(("__name__", "c")));
        Assert.Equal(new Dictionary<(string, string), int> { [("x", "1")] = 2, [("x", "2")] = 1, [("", "")] = 1 }, index.CountBy("job", "instance"));
        Assert.Equal((1, 3), index.CountsOf("job", "x"));
        Assert.Equal((3, 0), index.CountsOf("__name__", "d"));
        Assert.Equal((0, 0), index.CountsOf("none", "d"));
    }
}
