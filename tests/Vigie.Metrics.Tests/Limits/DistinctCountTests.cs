namespace Vigie.Metrics.Tests.Limits;

public class DistinctCountTests
{
    [Fact]
    public void Estimate_OfAFewHundred_IsExact()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var count = new DistinctCount();
            for (ulong i = 0; i < 60; i++) count.Add(unchecked(seed * 0x9e3779b97f4a7c15) ^ (i % 30));
            Assert.Equal(30, count.Estimate());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(1000)]
    [InlineData(5000)]
    [InlineData(300_000)]
    public void Estimate_IsNear_HoweverOftenEachIsAdded(int different)
    {
        var count = new DistinctCount();
        for (int round = 0; round < 3; round++)
            for (int i = 0; i < different; i++) count.Add((ulong)i * 31);
        Assert.InRange(count.Estimate(), (long)(different * 0.9), (long)(different * 1.1) + 1);
    }
}
