using Vigie.PromQL;
using Vigie.Server.Surfaces.Prometheus;
using Vigie.Testing;

namespace Vigie.Server.Tests.Surfaces.Prometheus;

public sealed class QueryGateTests
{
    static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Enter_WhenAllPlacesAreTaken_WaitsForOne()
    {
        var gate = new QueryGate(1, _clock);
        var first = await gate.EnterAsync("a", s_timeout, CancellationToken.None);
        var second = gate.EnterAsync("b", s_timeout, CancellationToken.None);
        Assert.False(second.IsCompleted);
        Assert.Equal([("a", true), ("b", false)], gate.Active.Select(query => (query.Text, query.Running)));
        first.Dispose();
        (await second).Dispose();
        Assert.Empty(gate.Active);
    }

    [Fact]
    public async Task Cancel_OfAWaitingQuery_SaysThatItWasInTheQueue()
    {
        var gate = new QueryGate(1, _clock);
        using var first = await gate.EnterAsync("a", s_timeout, CancellationToken.None);
        var second = gate.EnterAsync("b", s_timeout, CancellationToken.None);
        Assert.True(gate.Cancel(gate.Active[1].Id));
        var problem = await Assert.ThrowsAsync<QueryCanceledException>(() => second);
        Assert.Equal("query was canceled in query queue", problem.Message);
        Assert.Equal(["a"], gate.Active.Select(query => query.Text));
    }

    [Fact]
    public async Task Enter_WhenNoPlaceBecomesFreeInTime_TimesOutAndTakesNone()
    {
        var gate = new QueryGate(1, _clock);
        var first = await gate.EnterAsync("a", s_timeout, CancellationToken.None);
        var second = gate.EnterAsync("b", s_timeout, CancellationToken.None);
        _clock.Advance(s_timeout);
        var problem = await Assert.ThrowsAsync<QueryTimeoutException>(() => second);
        Assert.Equal("query timed out in query queue", problem.Message);
        first.Dispose();
        using var third = await gate.EnterAsync("c", s_timeout, CancellationToken.None);
        Assert.True(third.Running);
    }

    [Fact]
    public async Task Cancel_OfAnEndedQuery_DoesNothing()
    {
        var gate = new QueryGate(1, _clock);
        var query = await gate.EnterAsync("a", s_timeout, CancellationToken.None);
        query.Dispose();
        query.Cancel();
        Assert.False(gate.Cancel(query.Id));
    }
}
