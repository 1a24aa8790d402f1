using System.Text;
using Vigie.Server.Http;

namespace Vigie.Server.Tests.Http;

public class JsonApiTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1700000000000, "1700000000")]
    [InlineData(1700000000550, "1700000000.550")]
    [InlineData(1700000000100, "1700000000.100")]
    [InlineData(7, "0.007")]
    [InlineData(-1500, "-1.500")]
    public void Timestamps_HaveThreeDecimals_UnlessWhole(long timestampMs, string expected)
    {
        var text = new byte[32];
        Assert.Equal(expected, Encoding.UTF8.GetString(text, 0, JsonApi.FormatTimestamp(timestampMs, text)));
    }
}
