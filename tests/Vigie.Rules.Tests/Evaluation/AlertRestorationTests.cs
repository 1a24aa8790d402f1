using Vigie.PromQL.Testing;
using static Vigie.Rules.Tests.RuleHarness;

namespace Vigie.Rules.Tests.Evaluation;

public sealed class AlertRestorationTests
{
    /// <summary>
    /// An alert waits an hour, has waited since 0, the server is down from 30m on and evaluates again at the given minute.
    /// </summary>
    [Theory]
    [InlineData(40, 10)]        // the ten minutes of the outage do not count
    [InlineData(85, 55)]
    [InlineData(91, 91)]        // beyond the tolerance: waits anew
    public async Task Restore_AfterAnOutage_CountsTheTimeBefore(int backAtMinute, int activeAtMinute)
    {
        var store = await RunBeforeOutageAsync(minutes: 30);
        await using var harness = new RuleHarness(store);
        var group = harness.Group(restored: false, Alerting("Slow", "vector(1)", forSeconds: 3600));
        await group.EvaluateAsync(backAtMinute * 60_000L, CancellationToken.None);
        Assert.Equal("", harness.Query("ALERTS", backAtMinute * 60));
        group.Restore(backAtMinute * 60_000L, CancellationToken.None);
        Assert.Equal(activeAtMinute, ActiveAtMinute(group));
        await group.EvaluateAsync((backAtMinute + 1) * 60_000L, CancellationToken.None);
        Assert.NotEqual("", harness.Query("ALERTS", (backAtMinute + 1) * 60));
    }

    [Fact]
    public async Task Restore_WithLittleTimeLeft_WaitsTheGracePeriod()
    {
        var store = await RunBeforeOutageAsync(minutes: 55);
        await using var harness = new RuleHarness(store);
        var group = harness.Group(restored: false, Alerting("Slow", "vector(1)", forSeconds: 3600));
        await group.EvaluateAsync(60 * 60_000L, CancellationToken.None);
        group.Restore(60 * 60_000L, CancellationToken.None);
        Assert.Equal(10, ActiveAtMinute(group));        // fires at minute 70, ten minutes after the start
    }

    [Fact]
    public async Task Restore_OfAFiredAlert_FiresAtOnce()
    {
        var store = await RunBeforeOutageAsync(minutes: 65);
        await using var harness = new RuleHarness(store);
        var group = harness.Group(restored: false, Alerting("Slow", "vector(1)", forSeconds: 3600));
        await group.EvaluateAsync(70 * 60_000L, CancellationToken.None);
        group.Restore(70 * 60_000L, CancellationToken.None);
        await group.EvaluateAsync(71 * 60_000L, CancellationToken.None);
        Assert.Equal(AlertState.Firing, ((AlertingRuleSnapshot)group.Rules[0].Snapshot()).State);
    }

    static async Task<MemorySampleStore> RunBeforeOutageAsync(int minutes)
    {
        await using var harness = new RuleHarness();
        var group = harness.Group(Alerting("Slow", "vector(1)", forSeconds: 3600));
        for (int minute = 0; minute <= minutes; minute++) await group.EvaluateAsync(minute * 60_000L, CancellationToken.None);
        return harness.Store;
    }

    static double ActiveAtMinute(EvaluatedGroup group) =>
        ((AlertingRuleSnapshot)group.Rules[0].Snapshot()).Alerts[0].ActiveAt.ToUnixTimeSeconds() / 60d;
}
