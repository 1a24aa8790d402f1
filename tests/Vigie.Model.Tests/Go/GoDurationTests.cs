namespace Vigie.Model.Tests.Go;

public sealed class GoDurationTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(1, "1ns")]
    [InlineData(1_500, "1.5µs")]
    [InlineData(250_000_000, "250ms")]
    [InlineData(1_000_000_000, "1s")]
    [InlineData(90_000_000_000, "1m30s")]
    [InlineData(5_400_000_000_000, "1h30m0s")]
    [InlineData(-3_600_500_000_000, "-1h0m0.5s")]
    [InlineData(long.MinValue, "-2562047h47m16.854775808s")]
    public void FormatGo_PrintsAsGo(long nanoseconds, string expected) => Assert.Equal(expected, GoDuration.FormatGo(nanoseconds));

    [Theory]
    [InlineData(-90_000, "-1m30s")]
    [InlineData(604_800_000, "1w")]
    [InlineData(691_200_000, "8d")]
    public void Format_PrintsAsPrometheus(long ms, string expected) => Assert.Equal(expected, GoDuration.Format(ms));

    [Theory]
    [InlineData("293y")]
    [InlineData("99999999999999999999s")]
    public void TryParse_BeyondInt64Nanoseconds_IsRefused(string text)
    {
        Assert.False(GoDuration.TryParseMs(text, out _, out string? problem));
        Assert.Equal("duration out of range", problem);
    }
}
