using Vigie.Configuration.Rules;
using static Vigie.Rules.Tests.RuleHarness;

namespace Vigie.Rules.Tests;

public sealed class RuleServiceTests
{
    static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    static RuleFile FileOf(params IReadOnlyList<RuleGroup> groups) => new("rules.yml", groups);

    static RuleGroup GroupOf(string name, params IReadOnlyList<Rule> rules) =>
        new() { Name = name, Interval = TimeSpan.FromSeconds(10), Rules = rules };

    static int Now(RuleHarness harness) => (int)(harness.Clock.NowMs / 1000);

    [Fact]
    public async Task Apply_EvaluatesGroupsOnTheirInterval()
    {
        await using var harness = new RuleHarness(start: s_start);
        var service = harness.Service();
        await service.ApplyAsync([FileOf(GroupOf("g", Recording("one", "vector(1)")))], harness.Settings, CancellationToken.None);
        await harness.Clock.AdvanceInStepsAsync(TimeSpan.FromSeconds(65), TimeSpan.FromSeconds(1));
        Assert.Equal("{} 6", harness.Query("count_over_time(one[1m])", Now(harness)));
        var group = Assert.Single(service.Snapshot());
        Assert.Equal(("g", "rules.yml", TimeSpan.FromSeconds(10), RuleHealth.Good),
            (group.Name, group.File, group.Interval, group.Rules[0].Health));
    }

    [Fact]
    public async Task Apply_WithAnIntervalOfYears_WaitsForIt()
    {
        await using var harness = new RuleHarness(start: s_start);
        var service = harness.Service();
        var group = new RuleGroup { Name = "g", Interval = TimeSpan.FromDays(200), Rules = [Recording("one", "vector(1)")] };
        await service.ApplyAsync([FileOf(group)], harness.Settings, CancellationToken.None);
        for (int day = 0; day < 200; day++) harness.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(RuleHealth.Good, Assert.Single(service.Snapshot()).Rules[0].Health);
    }

    [Fact]
    public async Task Apply_OfTheSameGroup_LeavesItAlone_AndOfAChangedOne_KeepsItsAlerts()
    {
        await using var harness = new RuleHarness(start: s_start) { Options = new RuleServiceOptions { RestoreState = false } };
        var service = harness.Service();
        var waiting = Alerting("Waiting", "vector(1)", forSeconds: 3600);
        await service.ApplyAsync([FileOf(GroupOf("g", waiting))], harness.Settings, CancellationToken.None);
        await harness.Clock.AdvanceInStepsAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));
        var before = Assert.Single(service.ActiveAlerts());

        await service.ApplyAsync([FileOf(GroupOf("g", waiting))], harness.Settings, CancellationToken.None);
        Assert.Equal(before.ActiveAt, Assert.Single(service.ActiveAlerts()).ActiveAt);

        var other = Alerting("Waiting", "vector(1) > 0", forSeconds: 3600);
        await service.ApplyAsync([FileOf(GroupOf("g", Recording("new", "vector(1)"), other))], harness.Settings, CancellationToken.None);
        Assert.Equal(before.ActiveAt, Assert.Single(service.ActiveAlerts()).ActiveAt);
        await harness.Clock.AdvanceInStepsAsync(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1));
        Assert.Equal(before.ActiveAt, Assert.Single(service.ActiveAlerts()).ActiveAt);
    }

    [Fact]
    public async Task Apply_WithoutARule_EndsItsSeries()
    {
        await using var harness = new RuleHarness(start: s_start);
        var service = harness.Service();
        await service.ApplyAsync([FileOf(GroupOf("g", Recording("a", "vector(1)"), Recording("b", "vector(1)")),
            GroupOf("h", Recording("c", "vector(1)")))],
            harness.Settings, CancellationToken.None);
        await harness.Clock.AdvanceInStepsAsync(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1));
        Assert.NotEqual("", harness.Query("b", Now(harness)));
        await service.ApplyAsync([FileOf(GroupOf("g", Recording("a", "vector(1)")))], harness.Settings, CancellationToken.None);
        await harness.Clock.AdvanceInStepsAsync(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(1));
        Assert.Equal(("{__name__=\"a\"} 1", "", ""),
            (harness.Query("a", Now(harness)), harness.Query("b", Now(harness)), harness.Query("c", Now(harness))));
    }

    [Fact]
    public async Task Apply_OfAWrongExpression_ChangesNothing()
    {
        await using var harness = new RuleHarness(start: s_start);
        var service = harness.Service();
        await service.ApplyAsync([FileOf(GroupOf("g", Recording("a", "vector(1)")))], harness.Settings, CancellationToken.None);
        await Assert.ThrowsAsync<PromQL.PromQLParseException>(() =>
            service.ApplyAsync([FileOf(GroupOf("g", Recording("a", "vector(")))], harness.Settings, CancellationToken.None));
        Assert.Equal("vector(1)", Assert.Single(service.Snapshot()).Rules[0].Query);
    }

    [Fact]
    public async Task Start_AfterARestart_RestoresWaitingAlerts()
    {
        await using var first = new RuleHarness(start: s_start);
        var file = FileOf(GroupOf("g", Alerting("Waiting", "vector(1)", forSeconds: 3600)));
        await using (var service = first.Service())
        {
            await service.ApplyAsync([file], first.Settings, CancellationToken.None);
            await first.Clock.AdvanceInStepsAsync(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(5));
        }
        await using var second = new RuleHarness(first.Store, start: s_start.AddMinutes(25));
        var restarted = second.Service();
        await restarted.ApplyAsync([file], second.Settings, CancellationToken.None);
        await second.Clock.AdvanceInStepsAsync(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(5));
        // Active since the start, and the five minutes of the outage do not count.
        var activeAt = Assert.Single(restarted.ActiveAlerts()).ActiveAt;
        Assert.InRange(activeAt, s_start.AddMinutes(5), s_start.AddMinutes(6));
    }
}
