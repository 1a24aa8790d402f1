using Vigie.Model;

namespace Vigie.Model.Tests.Templates;

public sealed class GoTimeLayoutTests
{
    static readonly TemplateTime s_time = new(new DateTimeOffset(2024, 2, 9, 15, 4, 5, 60, TimeSpan.Zero));

    [Theory]
    [InlineData("2006-01-02T15:04:05Z07:00", "2024-02-09T15:04:05Z")]
    [InlineData("Mon Jan _2 03:04:05.000 PM 2006 -0700 MST", "Fri Feb  9 03:04:05.060 PM 2024 +0000 UTC")]
    [InlineData("Monday, 2 January 06, 3:4:5 pm 002 .999", "Friday, 9 February 24, 3:4:5 pm 040 .06")]
    [InlineData("Janvier _2006", "Janvier _2024")]
    public void Format(string layout, string expected) => Assert.Equal(expected, GoTimeLayout.Format(s_time, layout));

    [Theory]
    [InlineData("2006-01-02 15:04:05 -0700", "2024-02-09 17:04:05.06 +0200")]
    [InlineData("Mon, 02 Jan 2006 15:04:05.00 MST", "Fri, 09 Feb 2024 15:04:05.06 UTC")]
    [InlineData("2006-002 3:04:05.00PM", "2024-040 3:04:05.06PM")]
    public void Parse(string layout, string text) => Assert.Equal(s_time.Instant, GoTimeLayout.Parse(layout, text, TimeZoneInfo.Utc).Instant);

    [Fact]
    public void Parse_Wrong_SaysWhere()
    {
        var problem = Assert.Throws<TemplateFunctionException>(() => GoTimeLayout.Parse("2006-01-02", "2024-1-02", TimeZoneInfo.Utc));
        Assert.Equal("parsing time \"2024-1-02\" as \"2006-01-02\": cannot parse \"1-02\" as \"01\"", problem.Message);
    }
}
