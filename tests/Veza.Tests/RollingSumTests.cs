using Veza.Shared;
using Vigie.Testing;

namespace Veza.Tests;

public sealed class RollingSumTests
{
    readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Sum_ForgetsWhatIsOlderThanTheWindow()
    {
        var sum = new RollingSum(_clock, TimeSpan.FromSeconds(60));
        sum.Add(5);
        _clock.Advance(TimeSpan.FromSeconds(30));
        sum.Add(7);
        Assert.Equal(12, sum.Sum);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(7, sum.Sum);
        _clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(0, sum.Sum);
        sum.Add(1);
        Assert.Equal(1, sum.Sum);
    }

    [Fact]
    public void PerSecond_DividesByTheTimeThereWas()
    {
        var sum = new RollingSum(_clock, TimeSpan.FromSeconds(60));
        _clock.Advance(TimeSpan.FromSeconds(10));
        sum.Add(20);
        Assert.Equal(2, sum.PerSecond);
        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(0.4, sum.PerSecond);
    }

    [Fact]
    public void Quantile_IsOfTheNewestValues()
    {
        var values = new RollingQuantiles(_clock, TimeSpan.FromSeconds(60), valuesMax: 100);
        Assert.Equal(0, values.Quantile(0.95));
        for (var i = 1; i <= 200; i++) values.Add(i);
        Assert.Equal((101, 195), (values.Quantile(0), values.Quantile(0.95)));
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, values.Quantile(0.5));
    }
}
