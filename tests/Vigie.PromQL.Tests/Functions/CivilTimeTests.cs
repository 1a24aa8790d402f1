namespace Vigie.PromQL.Tests.Functions;

public class CivilTimeTests
{
    [Fact]
    public void FromUnixSeconds_AgreesWithTheCalendar()
    {
        for (long day = -800_000; day < 2_900_000; day += 997)
        {
            var expected = DateTime.UnixEpoch.AddDays(Math.Max(day, -719_162)).AddSeconds(day & 0xffff);
            if (day < -719_162) continue;
            var found = CivilTime.FromUnixSeconds((long)(expected - DateTime.UnixEpoch).TotalSeconds);
            Assert.Equal((expected.Year, expected.Month, expected.Day, expected.DayOfYear, (int)expected.DayOfWeek, expected.Hour, expected.Minute),
                ((int)found.Year, found.Month, found.Day, found.DayOfYear, found.DayOfWeek, found.Hour, found.Minute));
            Assert.Equal(DateTime.DaysInMonth(expected.Year, expected.Month), found.DaysInMonth);
        }
    }
}
