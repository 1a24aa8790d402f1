namespace Vigie.Configuration.AlertPolicy.Tests;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData("5 minutes", 300)]
    [InlineData("2 heures", 7200)]
    [InlineData("1 jour", 86400)]
    [InlineData("30 s", 30)]
    [InlineData("1h30m", 5400)]
    [InlineData("1,5 heure", 5400)]
    [InlineData("soon", null)]
    [InlineData("5 parsecs", null)]
    public void TryParse(string text, int? seconds)
    {
        Assert.Equal(seconds is not null, HumanDuration.TryParse(text, out var span));
        if (seconds is not null) Assert.Equal(TimeSpan.FromSeconds(seconds.Value), span);
    }
}
