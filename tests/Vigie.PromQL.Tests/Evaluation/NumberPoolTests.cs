namespace Vigie.PromQL.Tests.Evaluation;

public class NumberPoolTests
{
    [Fact]
    public void Rent_ReturnsTheArrayGivenBackLast()
    {
        var pool = new NumberPool<double>(1 << 20);
        double[] first = pool.Rent(1000), second = pool.Rent(1000);
        pool.Return(first);
        pool.Return(second);
        Assert.Same(second, pool.Rent(990));
        Assert.Same(first, pool.Rent(1000));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(96)]
    [InlineData(97)]
    [InlineData(1000)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(531_000)]
    public void Rent_WastesAtMostAFifth(int length)
    {
        var pool = new NumberPool<int>(64 << 20);
        int[] array = pool.Rent(length);
        Assert.InRange(array.Length, length, Math.Max(64, length * 5 / 4));
        pool.Return(array);
        Assert.Equal(4L * array.Length, pool.KeptBytes);
        Assert.Same(array, pool.Rent(length));
        Assert.Equal(0, pool.KeptBytes);
    }

    [Fact]
    public void Return_OverTheLimit_KeepsNothingMore()
    {
        var pool = new NumberPool<long>(10_000);
        long[] fits = pool.Rent(1024), doesNot = pool.Rent(1024);
        pool.Return(fits);
        pool.Return(doesNot);
        Assert.Equal(8192, pool.KeptBytes);
        Assert.Same(fits, pool.Rent(1024));
        Assert.NotSame(doesNot, pool.Rent(1024));
    }

    [Fact]
    public void Return_OfAnArrayOfOtherSize_IsIgnored()
    {
        var pool = new NumberPool<double>(1 << 20);
        pool.Return(new double[1001]);
        Assert.Equal(0, pool.KeptBytes);
    }
}
