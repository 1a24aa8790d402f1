using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Alerting.Tests.Inhibition;

public sealed class InhibitorTests
{
    static readonly DateTimeOffset s_now = DateTimeOffset.UnixEpoch.AddYears(50);

    static ActiveAlert Alert(string severity, string instance, double endsInMinutes = 5) => new(
        Labels.Of(("severity", severity), ("instance", instance)), Labels.Empty, s_now.AddHours(-1), s_now.AddMinutes(endsInMinutes), false, s_now, "");

    static Inhibitor With(params ActiveAlert[] alerts)
    {
        var inhibitor = new Inhibitor([new InhibitRuleConfig
        {
            SourceMatchers = [new LabelMatcher(MatchType.Equal, "severity", "critical")],
            TargetMatchers = [new LabelMatcher(MatchType.Regex, "severity", "warning|critical")],
            // "dev" is on none of the alerts: absent on both sides counts as equal.
            Equal = ["instance", "dev"],
        }]);
        foreach (var alert in alerts) inhibitor.Add(alert);
        return inhibitor;
    }

    static bool IsMuted(Inhibitor inhibitor, ActiveAlert alert) => inhibitor.SourceMuting(alert.Labels, s_now) is not null;

    [Fact]
    public void Source_MutesTargetsWithEqualLabels()
    {
        var inhibitor = With(Alert("critical", "a"));
        Assert.True(IsMuted(inhibitor, Alert("warning", "a")));
        Assert.False(IsMuted(inhibitor, Alert("warning", "b")));
        Assert.False(IsMuted(inhibitor, Alert("info", "a")));
    }

    [Fact]
    public void Source_Resolved_MutesNothing() => Assert.False(IsMuted(With(Alert("critical", "a", endsInMinutes: -1)), Alert("warning", "a")));

    [Fact]
    public void Alerts_OnBothSides_DoNotMuteEachOther() => Assert.False(IsMuted(With(Alert("critical", "a")), Alert("critical", "a")));

    [Fact]
    public void Removed_MutesNothing()
    {
        var source = Alert("critical", "a", endsInMinutes: 5);
        var inhibitor = With(source);
        inhibitor.Remove(source);
        Assert.False(IsMuted(inhibitor, Alert("warning", "a")));
    }
}
