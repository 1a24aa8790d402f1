using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Server.Hosting;
using Vigie.Testing;

namespace Vigie.Server.Tests.Hosting;

public sealed class ConnectionGateTests : IDisposable
{
    readonly ConnectionGate _gate = new(Surface.Prometheus, 2, new ManualTimeProvider(), NullLogger.Instance);
    readonly FakeListener _sockets = new();

    public void Dispose() => _gate.Dispose();

    [Fact]
    public async Task Accept_AtTheBound_WaitsUntilAConnectionEnds()
    {
        var listener = _gate.Guard(_sockets);
        for (int i = 0; i < 3; i++) _sockets.Connect();
        Assert.NotNull(await listener.AcceptAsync());
        Assert.NotNull(await listener.AcceptAsync());
        var third = listener.AcceptAsync().AsTask();
        Assert.False(third.IsCompleted);
        Assert.Equal((2, 1, 2), (_gate.Open, _gate.Waited, _gate.Accepted));
        _gate.Leave();
        Assert.NotNull(await third);
        Assert.Equal((2, 3, 1), (_gate.Open, _gate.Accepted, _gate.Closed));
    }

    [Fact]
    public async Task Accept_WithoutAConnection_TakesNoPlace()
    {
        using var stop = new CancellationTokenSource();
        var idle = _gate.Guard(new FakeListener()).AcceptAsync(stop.Token).AsTask();
        Assert.Equal(0, _gate.Open);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => idle);
    }

    [Fact]
    public async Task Unbind_OfAListenerThatWaits_ClosesTheConnectionAndEnds()
    {
        var listener = _gate.Guard(_sockets);
        var connections = Enumerable.Range(0, 3).Select(_ => _sockets.Connect()).ToArray();
        await listener.AcceptAsync();
        await listener.AcceptAsync();
        var third = listener.AcceptAsync().AsTask();
        await listener.UnbindAsync();
        Assert.Null(await third);
        Assert.True(connections[2].ConnectionClosed.IsCancellationRequested);
        Assert.False(connections[0].ConnectionClosed.IsCancellationRequested);
    }

    [Fact]
    public async Task Listeners_OfOneSurface_ShareTheBound()
    {
        var other = new FakeListener();
        var (first, second) = (_gate.Guard(_sockets), _gate.Guard(other));
        _sockets.Connect();
        other.Connect();
        other.Connect();
        await first.AcceptAsync();
        await second.AcceptAsync();
        Assert.False(second.AcceptAsync().AsTask().IsCompleted);
    }

    sealed class FakeListener : IConnectionListener
    {
        readonly Channel<ConnectionContext> _connections = Channel.CreateUnbounded<ConnectionContext>();

        public EndPoint EndPoint { get; } = new IPEndPoint(IPAddress.Loopback, 9090);

        public DefaultConnectionContext Connect()
        {
            var connection = new FakeConnection();
            Assert.True(_connections.Writer.TryWrite(connection));
            return connection;
        }

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await _connections.Reader.ReadAsync(cancellationToken);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => default;

        public ValueTask DisposeAsync() => default;
    }

    sealed class FakeConnection : DefaultConnectionContext
    {
        readonly CancellationTokenSource _closed = new();

        public FakeConnection() => ConnectionClosed = _closed.Token;

        public override async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync();
            await base.DisposeAsync();
        }
    }
}
