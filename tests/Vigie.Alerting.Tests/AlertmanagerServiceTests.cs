using System.Net;
using Vigie.Configuration.Alertmanager;
using Vigie.Model;

namespace Vigie.Alerting.Tests;

public sealed class AlertmanagerServiceTests
{
    static IEnumerable<string> Instances(AlertmanagerBench bench, int request) =>
        bench.Http.Body(request)["alerts"]!.AsArray().Select(alert => $"{alert!["labels"]!["i"]} {alert["status"]}");

    [Fact]
    public void Receive_Group_WaitsThenSendsTogether()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Fire(("alertname", "A"), ("i", "2"));
        bench.Advance(9);
        bench.Fire(("alertname", "A"), ("i", "1"));
        Assert.Empty(bench.Http.Requests);
        bench.Advance(1);
        Assert.Equal(["1 firing", "2 firing"], Instances(bench, 0));
        bench.Advance(600);
        Assert.Single(bench.Http.Requests);
    }

    [Fact]
    public void Receive_ZeroGroupWait_SendsAtOnce()
    {
        var config = AlertmanagerBench.WebhookConfig();
        using var bench = new AlertmanagerBench(config with { Route = config.Route with { GroupWait = TimeSpan.Zero } });
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(0);
        Assert.Single(bench.Http.Requests);
    }

    [Fact]
    public void Receive_Resolved_IsSentOnceAtTheNextInterval()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(10);
        bench.Resolve(("alertname", "A"), ("i", "1"));
        bench.Advance(59);
        Assert.Single(bench.Http.Requests);
        bench.Advance(1);
        Assert.Equal(["1 resolved"], Instances(bench, 1));
        Assert.Equal("all alerts resolved", bench.Http.Body(1)["notification_reason"]!.ToString());
        bench.Advance(7200);
        Assert.Equal(2, bench.Http.Requests.Count);
    }

    [Fact]
    public void Receive_WithoutResolvedMessages_DoesNotSendThem()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.Config(new WebhookConfig { Url = new("http://h.test/"), SendResolved = false }));
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(10);
        bench.Resolve(("alertname", "A"), ("i", "1"));
        bench.Advance(60);
        Assert.Single(bench.Http.Requests);
        // The end is known nevertheless: firing again is news.
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(60);
        Assert.Equal(2, bench.Http.Requests.Count);
    }

    [Fact]
    public void Receive_StillFiring_IsRepeated()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(3600);
        Assert.Single(bench.Http.Requests);
        bench.Advance(120);
        Assert.Equal("repeat interval elapsed", bench.Http.Body(1)["notification_reason"]!.ToString());
    }

    [Fact]
    public void Kill_AfterNotification_IsNotNotifiedAgain()
    {
        var config = AlertmanagerBench.WebhookConfig();
        using var bench = new AlertmanagerBench(config);
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(10);
        bench.KillAndRestart(config);
        Assert.Single(bench.Service.Alerts(AlertFilter.All));
        bench.Advance(120);
        Assert.Single(bench.Http.Requests);
        bench.Resolve(("alertname", "A"), ("i", "1"));
        bench.Advance(120);
        Assert.Equal(["1 resolved"], Instances(bench, 1));
    }

    [Fact]
    public void Kill_BeforeNotification_NotifiesAfterRestart()
    {
        var config = AlertmanagerBench.WebhookConfig();
        using var bench = new AlertmanagerBench(config);
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.KillAndRestart(config);
        bench.Advance(10);
        Assert.Equal(["1 firing"], Instances(bench, bench.Http.Requests.Count - 1));
    }

    [Fact]
    public void Kill_SilencesSurvive()
    {
        var config = AlertmanagerBench.WebhookConfig();
        using var bench = new AlertmanagerBench(config);
        string id = bench.Service.SetSilence(new Silence(
            "", [new LabelMatcher(MatchType.Regex, "alertname", "A|B")], bench.Clock.GetUtcNow(), bench.Clock.GetUtcNow().AddHours(1), default, "me", "why"));
        bench.KillAndRestart(config);
        bench.Fire(("alertname", "A"));
        Assert.Equal([id], bench.Service.Alerts(AlertFilter.All)[0].SilencedBy);
        bench.Advance(60);
        Assert.Empty(bench.Http.Requests);
        bench.Service.ExpireSilence(id);
        bench.Advance(60);
        Assert.Single(bench.Http.Requests);
    }

    [Fact]
    public void Apply_KeepsAlertsAndWhatWasNotified()
    {
        var config = AlertmanagerBench.WebhookConfig();
        using var bench = new AlertmanagerBench(config);
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(20);
        bench.Service.Apply(config with { }, bench.Files);
        bench.Advance(1);
        bench.Fire(("alertname", "A"), ("i", "2"));
        bench.Advance(61);
        Assert.Equal(2, bench.Http.Requests.Count);
        Assert.Equal(["1 firing", "2 firing"], Instances(bench, 1));
    }

    [Fact]
    public void Send_ServerError_IsTriedAgainAndSaysWhyWithoutSecrets()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Http.Answer = attempt => attempt < 3
            ? new HttpResponseMessage(HttpStatusCode.BadGateway) { Content = new StringContent("no route to http://hook.test/path-secret") }
            : new HttpResponseMessage(HttpStatusCode.NoContent);
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(30);
        Assert.Equal(4, bench.Http.Requests.Count);
        Assert.Contains(bench.Log.Lines, line => line.Contains("unexpected status code 502: no route to <secret>", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Log.Lines, line => line.Contains("path-secret", StringComparison.Ordinal));
    }

    [Fact]
    public void Send_ClientError_IsNotTriedAgainButAtTheNextInterval()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Http.Answer = _ => new HttpResponseMessage(HttpStatusCode.BadRequest);
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(60);
        Assert.Single(bench.Http.Requests);
        bench.Advance(10);
        Assert.Equal(2, bench.Http.Requests.Count);
    }

    [Fact]
    public void Send_OneIntegrationFails_TheOtherIsNotTold_Twice()
    {
        var config = AlertmanagerBench.Config(
            new WebhookConfig { Url = new("http://good.test/") }, new WebhookConfig { Url = new("http://bad.test/") });
        using var bench = new AlertmanagerBench(config);
        bench.Http.Answer = attempt => new HttpResponseMessage(
            bench.Http.Requests[attempt].Url.Contains("bad", StringComparison.Ordinal) ? HttpStatusCode.BadRequest : HttpStatusCode.OK);
        bench.Fire(("alertname", "A"));
        bench.Advance(130);
        Assert.Single(bench.Http.Requests, request => request.Url.Contains("good", StringComparison.Ordinal));
        Assert.Equal(3, bench.Http.Requests.Count(request => request.Url.Contains("bad", StringComparison.Ordinal)));
    }

    [Fact]
    public void Receive_WithoutEnd_ResolvesByTimeout()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Service.Receive(new ReceivedAlert(Labels.Of(("alertname", "A"), ("i", "1")), Labels.Empty, null, null, ""));
        bench.Advance(370);
        Assert.Equal(["1 resolved"], Instances(bench, 1));
    }

    [Fact]
    public void Receive_Wrong_SaysWhy()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        Assert.Equal("at least one label pair required", bench.Service.Receive(new ReceivedAlert(Labels.Empty, Labels.Empty, null, null, "")));
        var now = bench.Clock.GetUtcNow();
        Assert.Equal(
            "start time must be before end time",
            bench.Service.Receive(new ReceivedAlert(Labels.Of(("a", "b")), Labels.Empty, now, now.AddSeconds(-1), "")));
    }

    [Fact]
    public void DiskFull_AlertsAreStillNotified_SilencesAreRefused()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Disk.Capacity = bench.Disk.UsedBytes;
        bench.Fire(("alertname", "A"));
        bench.Advance(10);
        Assert.Single(bench.Http.Requests);
        var silence = new Silence(
            "", [new LabelMatcher(MatchType.Equal, "a", "b")], bench.Clock.GetUtcNow(), bench.Clock.GetUtcNow().AddHours(1), default, "me", "why");
        Assert.Throws<StoreUnavailableException>(() => bench.Service.SetSilence(silence));
        Assert.Empty(bench.Service.Silences());
    }

    [Fact]
    public void Groups_ShowAlertsByGroup()
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.WebhookConfig());
        bench.Fire(("alertname", "B"), ("i", "1"));
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Fire(("alertname", "A"), ("i", "2"));
        Assert.Equal(["A 2 r", "B 1 r"], bench.Service.Groups(AlertFilter.All).Select(group => $"{group.Labels["alertname"]} {group.Alerts.Count} {group.Receiver}"));
        var filter = new AlertFilter { Matchers = [new LabelMatcher(MatchType.Equal, "i", "2")] };
        Assert.Equal("A", Assert.Single(bench.Service.Groups(filter)).Labels["alertname"]);
    }
}
