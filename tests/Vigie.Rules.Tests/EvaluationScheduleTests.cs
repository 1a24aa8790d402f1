using Vigie.Testing;

namespace Vigie.Rules.Tests;

public sealed class EvaluationScheduleTests
{
    public static TheoryData<ulong> Seeds() => [.. SeededRandom.Seeds(5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NextAfter_IsWithinOneInterval_AndOneIntervalApart(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < 200; i++)
        {
            long nowMs = random.NextInt64(0, 4_000_000_000_000), intervalMs = random.Next(1000, 3_600_000);
            string file = random.NextText(8), group = random.NextText(5);
            long next = EvaluationSchedule.NextAfter(nowMs, intervalMs, file, group);
            Assert.InRange(next, nowMs + 1, nowMs + intervalMs);
            Assert.Equal(next + intervalMs, EvaluationSchedule.NextAfter(next, intervalMs, file, group));
        }
    }

    [Theory]
    [InlineData(1000, 1000, 0)]
    [InlineData(1000, 1999, 0)]
    [InlineData(1000, 2000, 1)]
    [InlineData(1000, 4500, 3)]
    public void MissedAt_CountsWholeIntervals(long timeMs, long nowMs, long expected) =>
        Assert.Equal(expected, EvaluationSchedule.MissedAt(timeMs, nowMs, 1000));
}
