using Vigie.Configuration.Rules;
using Vigie.Model;
using static Vigie.Rules.Tests.RuleHarness;

namespace Vigie.Rules.Tests.Evaluation;

public sealed class AlertingRuleTests
{
    static async Task EvaluateAsync(EvaluatedGroup group, int atSeconds) =>
        await group.EvaluateAsync(atSeconds * 1000L, CancellationToken.None);

    static AlertingRuleSnapshot SnapshotOf(EvaluatedGroup group) => (AlertingRuleSnapshot)group.Rules[0].Snapshot();

    [Fact]
    public async Task Evaluate_OverTheLifeOfAnAlert_GoesThroughItsStates()
    {
        await using var harness = new RuleHarness();
        harness.Load("up{job=\"a\"} 1 0 0 0 0 1 1");
        var group = harness.Group(Alerting("Down", "up == 0", forSeconds: 120));

        var states = new List<string>();
        for (int minute = 0; minute <= 6; minute++)
        {
            await EvaluateAsync(group, minute * 60);
            states.Add($"{SnapshotOf(group).State} {harness.Query("count by (alertstate) (ALERTS)", minute * 60)}");
            if (minute == 4)
                Assert.Equal("{__name__=\"ALERTS_FOR_STATE\", alertname=\"Down\", job=\"a\"} 60", harness.Query("ALERTS_FOR_STATE", 240));
        }
        Assert.Equal(
            ["Inactive ", "Pending {alertstate=\"pending\"} 1", "Pending {alertstate=\"pending\"} 1", "Firing {alertstate=\"firing\"} 1",
                "Firing {alertstate=\"firing\"} 1", "Inactive ", "Inactive "],
            states);
        Assert.Equal("", harness.Query("ALERTS_FOR_STATE", 300));
    }

    [Fact]
    public async Task Evaluate_WithKeepFiringFor_FiresOnAfterTheCondition()
    {
        await using var harness = new RuleHarness();
        harness.Load("up 0 0 1 1 0 1 1 1 1");
        var group = harness.Group(Alerting("Down", "up == 0", keepFiringSeconds: 120));
        var states = new List<AlertState>();
        for (int minute = 0; minute <= 8; minute++)
        {
            await EvaluateAsync(group, minute * 60);
            states.Add(SnapshotOf(group).State);
        }
        // Down at 0, 1 and 4; each end is followed by two minutes of grace.
        Assert.Equal([.. Enumerable.Repeat(AlertState.Firing, 7), AlertState.Inactive, AlertState.Inactive], states);
    }

    [Fact]
    public async Task Evaluate_SendsWhenFiring_AgainAfterTheDelay_AndWhenResolved()
    {
        await using var harness = new RuleHarness();
        harness.Load("up{job=\"a\"} 0 0 0 0 1 1 1", stepSeconds: 30);
        var group = harness.Group(new RuleGroup
        {
            Name = "group",
            Interval = TimeSpan.FromSeconds(30),
            Rules = [Alerting("Down", "up == 0", forSeconds: 30)],
        });
        var sent = new List<string>();
        for (int at = 0; at <= 240; at += 30)
        {
            await EvaluateAsync(group, at);
            foreach (var alert in harness.Sink.Take())
                sent.Add($"{at}: {alert.StartsAt.ToUnixTimeSeconds()} to {alert.EndsAt?.ToUnixTimeSeconds()} {alert.Labels}");
        }
        const string Labels = "{alertname=\"Down\", job=\"a\"}";
        // Fires at 30; valid for four times the resend delay of a minute; resolved at 120, and said so again.
        Assert.Equal([$"30: 30 to 270 {Labels}", $"120: 30 to 120 {Labels}", $"210: 30 to 120 {Labels}"], sent);
    }

    [Fact]
    public async Task Evaluate_WhenTheSinkRefuses_SendsAtTheNextEvaluation()
    {
        await using var harness = new RuleHarness();
        var group = harness.Group(Alerting("Always", "vector(1)"));
        harness.Sink.Refuses = true;
        await EvaluateAsync(group, 0);
        Assert.Equal(RuleHealth.Good, group.Rules[0].Health);
        harness.Sink.Refuses = false;
        await EvaluateAsync(group, 15);
        Assert.Single(harness.Sink.Take());
    }

    [Fact]
    public async Task Evaluate_ExpandsTemplates()
    {
        await using var harness = new RuleHarness
        {
            Settings = new RuleSettings { ExternalLabels = Labels.Of(("region", "eu")), ExternalUrl = "http://prom.example" },
        };
        harness.Load("errors{job=\"a\",drop=\"x\"} 0.256");
        var group = harness.Group(Alerting("Errors", "errors > 0.1",
            labels: [("severity", "{{ if gt $value 0.2 }}page{{ else }}ticket{{ end }}"), ("drop", "")],
            annotations:
            [
                ("summary", "{{ $labels.job }} {{ $value | humanizePercentage }} {{ $externalLabels.region }} {{ $externalURL }} "
                    + "{{ with query \"errors\" }}{{ . | first | label \"job\" }}{{ end }}"),
                ("broken", "{{ nothing }}"),
                ("fails", "{{ first (query \"none\") }}"),
            ]));
        await EvaluateAsync(group, 0);
        var alert = Assert.Single(harness.Sink.Take());
        Assert.Equal("{alertname=\"Errors\", job=\"a\", region=\"eu\", severity=\"page\"}", alert.Labels.ToString());
        Assert.Equal("a 25.6% eu http://prom.example a", alert.Annotations["summary"]);
        Assert.StartsWith("<error expanding template: error parsing template __alert_Errors: ", alert.Annotations["broken"]);
        Assert.StartsWith("<error expanding template: error executing template __alert_Errors: ", alert.Annotations["fails"]);
        Assert.Equal("http://prom.example/graph?g0.expr=errors+%3E+0.1&g0.tab=1", alert.GeneratorUrl);
    }

    [Fact]
    public async Task Evaluate_RelabelsOutgoingAlerts()
    {
        await using var harness = new RuleHarness
        {
            Settings = new RuleSettings
            {
                ExternalLabels = Labels.Of(("replica", "a"), ("team", "other")),
                AlertRelabelling =
                [
                    new RelabelRule { Action = RelabelAction.LabelDrop, Regex = AnchoredRegex.Parse("replica") },
                    new RelabelRule { Action = RelabelAction.Drop, SourceLabels = ["alertname"], Regex = AnchoredRegex.Parse("Quiet") },
                ],
            },
        };
        var group = harness.Group(Alerting("Quiet", "vector(1)"), Alerting("Loud", "vector(1)", labels: [("team", "core")]));
        await EvaluateAsync(group, 0);
        Assert.Equal("{alertname=\"Loud\", team=\"core\"}", Assert.Single(harness.Sink.Take()).Labels.ToString());
    }

    [Theory]
    [InlineData("up == 0", "", 1, "exceeded limit of 1 with 2 alerts")]
    [InlineData("up == 0", "same", 0, "vector contains metrics with the same labelset after applying alert labels")]
    [InlineData("up{job=\"a\"} * on () up", "", 0, "found duplicate series for the match group {}")]
    public async Task Evaluate_ThatFails_KeepsTheErrorWithTheRule(string expression, string job, int limit, string error)
    {
        await using var harness = new RuleHarness();
        harness.Load("up{job=\"a\"} 0");
        harness.Load("up{job=\"b\"} 0");
        var group = harness.Group(new RuleGroup
        {
            Name = "group",
            Limit = limit,
            Rules = [Alerting("Down", expression, labels: job.Length > 0 ? [("job", job)] : null)],
        });
        await EvaluateAsync(group, 0);
        var rule = SnapshotOf(group);
        Assert.Equal(RuleHealth.Bad, rule.Health);
        Assert.StartsWith(error, rule.LastError);
        Assert.Empty(rule.Alerts);
    }
}
