using System.Net;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Alerting.Tests.Sending;

public sealed class ExternalAlertmanagerSinkTests : IDisposable
{
    readonly ManualTimeProvider _clock = new();
    readonly RecordingHandler _http = new();
    readonly ListLogger _log = new();
    readonly ExternalAlertmanagerSink _sink;

    public ExternalAlertmanagerSinkTests() => _sink = new ExternalAlertmanagerSink(_clock, _log, static url => url.Port == 9093, _ => _http);

    public void Dispose() => _sink.Dispose();

    void Apply(ExternalAlertmanagerConfig entry, params string[] targets) => _sink.Apply(
        new AlertingConfig { Alertmanagers = [entry with { Discoveries = [new StaticDiscoveryConfig { Groups = [new TargetGroup(targets, Labels.Empty)] }] }] },
        new MemoryConfigFiles());

    void Send(params string[] names) => Assert.True(_sink.SendAsync(
        [.. names.Select(name => new Alert(Labels.Of(("alertname", name)), Labels.Empty, _clock.GetUtcNow(), _clock.GetUtcNow().AddMinutes(4), "http://p/"))],
        default).AsTask().IsCompletedSuccessfully);

    [Fact]
    public void Send_PostsAlerts()
    {
        Apply(new ExternalAlertmanagerConfig { PathPrefix = "/am/" }, "a.test:1");
        Send("A");
        Assert.Equal("http://a.test:1/am/api/v2/alerts", _http.Requests[0].Url);
        Assert.Equal(
            """[{"annotations":{},"endsAt":"2026-01-01T00:04:00.000Z","startsAt":"2026-01-01T00:00:00.000Z","generatorURL":"http://p/","labels":{"alertname":"A"}}]""",
            _http.Requests[0].Body);
    }

    [Fact]
    public void Send_Unreachable_KeepsTheNewestAndTriesEverMoreRarely()
    {
        Apply(new ExternalAlertmanagerConfig(), "a.test:1");
        bool isUp = false;
        _http.Answer = _ => isUp ? new HttpResponseMessage(HttpStatusCode.OK) : throw new HttpRequestException("refused");
        Send("A", "B");
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.InRange(_http.Requests.Count, 5, 20);
        Assert.Equal("refused", _sink.Active[0].LastProblem);
        Send("A");
        isUp = true;
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(_sink.Active[0].LastProblem);
        Assert.Equal(0, _sink.Active[0].QueueLength);
        // One alert B and one alert A, the newer one.
        var body = _http.Body(_http.Requests.Count - 1).AsArray();
        Assert.Equal(["A", "B"], body.Select(static alert => alert!["labels"]!["alertname"]!.ToString()).Order());
        Assert.Contains("2026-01-01T00:05:00.000Z", body.Select(static alert => alert!["startsAt"]!.ToString()));
        Assert.Contains(_log.Lines, static line => line.Contains("takes alerts again", StringComparison.Ordinal));
    }

    [Fact]
    public void Send_RelabelsAndDrops()
    {
        var drop = new RelabelRule { SourceLabels = ["alertname"], Regex = AnchoredRegex.Parse("B"), Action = RelabelAction.Drop };
        var add = new RelabelRule { TargetLabel = "x", Replacement = "y" };
        Apply(new ExternalAlertmanagerConfig { AlertRelabelRules = [drop, add] }, "a.test:1");
        Send("A", "B");
        Assert.Equal("""{"alertname":"A","x":"y"}""", Assert.Single(_http.Body(0).AsArray())!["labels"]!.ToJsonString());
    }

    [Fact]
    public void Apply_OwnAddress_IsShownAndNotSentTo()
    {
        Apply(new ExternalAlertmanagerConfig(), "localhost:9093");
        Send("A");
        Assert.Empty(_http.Requests);
        Assert.Equal("http://localhost:9093/api/v2/alerts", Assert.Single(_sink.Active).Url);
    }

    [Fact]
    public void Apply_RelabelledAway_IsShownAsDropped()
    {
        var rule = new RelabelRule { SourceLabels = ["__address__"], Regex = AnchoredRegex.Parse("a.*"), Action = RelabelAction.Drop };
        Apply(new ExternalAlertmanagerConfig { RelabelRules = [rule] }, "a.test:1", "b.test:1");
        Assert.Equal("http://b.test:1/api/v2/alerts", Assert.Single(_sink.Active).Url);
        Assert.Equal(["http://a.test:1/api/v2/alerts"], _sink.Dropped);
    }
}
