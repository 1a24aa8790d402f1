namespace Vigie.Instrumentation.Tests;

public sealed class GoDurationTextTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "100ns")]
    [InlineData(15, "1.5µs")]
    [InlineData(15_000, "1.5ms")]
    [InlineData(10_000_000, "1s")]
    [InlineData(10_500_001, "1.0500001s")]
    [InlineData(600_000_000, "1m0s")]
    [InlineData(36_000_000_000, "1h0m0s")]
    [InlineData(1_000_000_000_000, "27h46m40s")]
    [InlineData(-905_000_000, "-1m30.5s")]
    public void Of_Ticks_PrintsAsGo(long ticks, string expected) => Assert.Equal(expected, GoDurationText.Of(TimeSpan.FromTicks(ticks)));
}
