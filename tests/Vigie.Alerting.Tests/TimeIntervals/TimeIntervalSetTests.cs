using System.Globalization;
using Vigie.Configuration.Alertmanager;

namespace Vigie.Alerting.Tests.TimeIntervals;

public sealed class TimeIntervalSetTests
{
    static void Check(TimeRangeConfig range, string moment, bool expected) =>
        Assert.Equal(expected, TimeIntervalSet.Contains([range], DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2024-05-01T09:00:00Z", true)]
    [InlineData("2024-05-01T08:59:59Z", false)]
    [InlineData("2024-05-01T16:59:59Z", true)]
    [InlineData("2024-05-01T17:00:00Z", false)]
    public void Times_EndIsExclusive(string moment, bool expected) => Check(new TimeRangeConfig { Times = [new(540, 1020)] }, moment, expected);

    [Theory]
    [InlineData("2024-02-29T00:00:00Z", true)]
    [InlineData("2024-02-28T23:59:00Z", false)]
    [InlineData("2023-02-28T12:00:00Z", true)]
    public void DaysOfMonth_CountFromTheEnd(string moment, bool expected) => Check(new TimeRangeConfig { DaysOfMonth = [new(-1, -1)] }, moment, expected);

    [Theory]
    [InlineData("2024-05-01T22:30:00Z", true)]
    [InlineData("2024-05-01T21:30:00Z", false)]
    public void Weekdays_InTheirZone(string moment, bool expected) => Check(
        new TimeRangeConfig { Weekdays = [new(4, 4)], Location = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") }, moment, expected);

    [Fact]
    public void Muting_ActiveIntervalsMuteOutsideOfThem()
    {
        var never = new TimeIntervalConfig("never", [new TimeRangeConfig { Years = [new(1999, 1999)] }]);
        var always = new TimeIntervalConfig("always", [new TimeRangeConfig()]);
        var set = new TimeIntervalSet(new Dictionary<string, TimeIntervalConfig> { ["never"] = never, ["always"] = always });
        RouteOptions Route(string[] mute, string[] active) => Alerting.Route.Build(
            new RouteConfig { Receiver = "r", MuteTimeIntervals = mute, ActiveTimeIntervals = active }).Options;
        var now = DateTimeOffset.UnixEpoch;
        Assert.Equal(["always"], set.Muting(Route(["always", "never"], []), now));
        Assert.Equal(["never"], set.Muting(Route([], ["never"]), now));
        Assert.Empty(set.Muting(Route([], ["never", "always"]), now));
        Assert.Empty(set.Muting(Route(["never"], []), now));
    }
}
