using Vigie.Configuration.Prometheus;

namespace Vigie.Remote.Tests.Writing;

public class ShardCountTests
{
    static readonly RemoteQueueConfig Queue = new() { MinShards = 1, MaxShards = 50 };

    [Theory]
    [InlineData(1, 1000, 0, 0, 0, 0, 1)]            // nothing sent yet: no ground for a change
    [InlineData(1, 1000, 0, 1000, 0.9, 0, 1)]       // one shard is nearly busy
    [InlineData(1, 1000, 0, 1000, 3.5, 0, 4)]       // requests take 3.5 s of every second
    [InlineData(1, 1000, 1000, 1000, 3.5, 0, 2)]    // half of what comes in is dropped by relabelling
    [InlineData(4, 1000, 0, 1000, 3.0, 0, 4)]       // within the tolerance
    [InlineData(10, 1000, 0, 1000, 2.0, 0, 2)]
    [InlineData(10, 1000, 0, 1000, 2.0, 20_000, 10)]   // far behind: not fewer
    [InlineData(1, 1000, 0, 1000, 1.0, 100_000, 6)]    // catches up with a twentieth per second
    [InlineData(1, 1000, 0, 1000, 500, 0, 50)]      // the bound
    public void Choose_FollowsTheRates(int current, double incoming, double dropped, double outgoing, double sending, double pending, int expected) =>
        Assert.Equal(expected, ShardCount.Choose(current, new WriteRates(incoming, dropped, outgoing, sending, pending), Queue, out _));

    [Fact]
    public void Tick_WeighsAFifth()
    {
        var rate = new MovingRate();
        rate.Add(100);
        rate.Tick(TimeSpan.FromSeconds(10));
        Assert.Equal(10, rate.PerSecond);
        rate.Add(200);
        rate.Tick(TimeSpan.FromSeconds(10));
        Assert.Equal(12, rate.PerSecond);
    }
}
