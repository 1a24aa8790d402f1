using Vigie.Model;

namespace Vigie.Alerting.Tests.Silences;

public sealed class SilenceTests : IDisposable
{
    readonly AlertmanagerBench _bench = new(AlertmanagerBench.WebhookConfig());

    public void Dispose() => _bench.Dispose();

    DateTimeOffset In(double minutes) => _bench.Clock.GetUtcNow().AddMinutes(minutes);

    Silence New(string id, double from, double to, string comment = "why", string value = "A") =>
        new(id, [new LabelMatcher(MatchType.Equal, "alertname", value)], In(from), In(to), default, "me", comment);

    SilenceState StateOf(string id) => _bench.Service.FindSilence(id)!.State;

    [Fact]
    public void Set_Pending_BecomesActiveThenExpires()
    {
        string id = _bench.Service.SetSilence(New("", 10, 20));
        Assert.Equal(SilenceState.Pending, StateOf(id));
        _bench.Advance(601);
        Assert.Equal(SilenceState.Active, StateOf(id));
        _bench.Advance(601);
        Assert.Equal(SilenceState.Expired, StateOf(id));
    }

    [Fact]
    public void Set_OtherCommentOrEnd_KeepsTheId()
    {
        string id = _bench.Service.SetSilence(New("", 0, 20));
        Assert.Equal(id, _bench.Service.SetSilence(New(id, 0, 40, "longer")));
        Assert.Equal("longer", _bench.Service.FindSilence(id)!.Silence.Comment);
    }

    [Fact]
    public void Set_OtherMatchers_MakesANewOneAndEndsTheOld()
    {
        string id = _bench.Service.SetSilence(New("", 0, 20));
        string other = _bench.Service.SetSilence(New(id, 0, 20, value: "B"));
        Assert.NotEqual(id, other);
        Assert.Equal(SilenceState.Expired, StateOf(id));
        Assert.Equal(SilenceState.Active, StateOf(other));
    }

    [Fact]
    public void Set_UnknownId_IsRefused() =>
        Assert.True(Assert.Throws<SilenceException>(() => _bench.Service.SetSilence(New("nope", 0, 1))).IsUnknownId);

    [Fact]
    public void Set_MatchesEverything_IsRefused()
    {
        var silence = New("", 0, 1) with { Matchers = [new LabelMatcher(MatchType.Regex, "a", ".*")] };
        var problem = Assert.Throws<SilenceException>(() => _bench.Service.SetSilence(silence));
        Assert.Equal("invalid silence: matcher set 0: at least one matcher must not match the empty string", problem.Message);
    }

    [Fact]
    public void Expire_EndsAtOnceAndOnlyOnce()
    {
        string id = _bench.Service.SetSilence(New("", 0, 20));
        _bench.Fire(("alertname", "A"));
        Assert.Equal([id], _bench.Service.Alerts(AlertFilter.All)[0].SilencedBy);
        Assert.True(_bench.Service.ExpireSilence(id));
        Assert.Empty(_bench.Service.Alerts(AlertFilter.All)[0].SilencedBy);
        var ended = _bench.Service.FindSilence(id)!.Silence.EndsAt;
        _bench.Advance(60);
        Assert.True(_bench.Service.ExpireSilence(id));
        Assert.Equal(ended, _bench.Service.FindSilence(id)!.Silence.EndsAt);
        Assert.False(_bench.Service.ExpireSilence("nope"));
    }

    [Fact]
    public void Ended_AreForgottenAfterTheRetention()
    {
        string id = _bench.Service.SetSilence(New("", 0, 1));
        _bench.Advance(119 * 3600);
        Assert.NotNull(_bench.Service.FindSilence(id));
        _bench.Advance(2 * 3600);
        Assert.Null(_bench.Service.FindSilence(id));
    }

    [Fact]
    public void List_ActiveFirst()
    {
        string pending = _bench.Service.SetSilence(New("", 5, 9));
        string late = _bench.Service.SetSilence(New("", 0, 20));
        string soon = _bench.Service.SetSilence(New("", 0, 10, value: "B"));
        Assert.Equal([soon, late, pending], _bench.Service.Silences().Select(static view => view.Silence.Id));
        Assert.Equal([soon], _bench.Service.Silences([new LabelMatcher(MatchType.Equal, "alertname", "B")]).Select(static view => view.Silence.Id));
    }
}
