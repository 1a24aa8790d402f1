using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Vigie.Server.Hosting;

/// <summary>
/// A <see cref="ConnectionGate"/> per surface, so that a crowd at one port does not shut the others; their metrics, the first two under the names that
/// Prometheus has for its own port.
/// </summary>
sealed class ConnectionGates : IDisposable
{
    readonly Meter _meter = new("Vigie.Server.Connections");
    readonly ConnectionGate[] _gates;

    public ConnectionGates(IEnumerable<Surface> surfaces, int connectionsMax, TimeProvider clock, ILogger logger)
    {
        _gates = [.. surfaces.Distinct().Select(surface => new ConnectionGate(surface, connectionsMax, clock, logger))];
        _meter.CreateObservableCounter("net_conntrack_listener_conn_accepted_total", () => ByListener(static gate => gate.Accepted),
            description: "Total number of connections opened to the listener of a given name.");
        _meter.CreateObservableCounter("net_conntrack_listener_conn_closed_total", () => ByListener(static gate => gate.Closed),
            description: "Total number of connections closed that were made to the listener of a given name.");
        _meter.CreateObservableGauge("vigie_http_connections", () => ByListener(static gate => gate.Open),
            description: "Connections that are served, by listener.");
        _meter.CreateObservableGauge("vigie_http_connections_max", () => ByListener(static gate => gate.ConnectionsMax),
            description: "Most connections that are served at a time, by listener (--web.max-connections).");
        _meter.CreateObservableCounter("vigie_http_connections_waited_total", () => ByListener(static gate => gate.Waited),
            description: "Connections that waited for another one to end, by listener.");
    }

    public ConnectionGate this[Surface surface] => Array.Find(_gates, gate => gate.Surface == surface)!;

    public void Dispose()
    {
        _meter.Dispose();
        foreach (var gate in _gates) gate.Dispose();
    }

    IEnumerable<Measurement<long>> ByListener(Func<ConnectionGate, long> value) => _gates.Select(gate =>
        new Measurement<long>(value(gate), new KeyValuePair<string, object?>("listener_name", Surfaces.ListenerNameOf(gate.Surface))));

    /// <summary>Sockets as Kestrel has them, each listener behind the gate of its surface.</summary>
    public sealed class Transport(
        Func<EndPoint, ConnectionGate> gateOf, IOptions<SocketTransportOptions> options, ILoggerFactory loggers) : IConnectionListenerFactory
    {
        readonly SocketTransportFactory _sockets = new(options, loggers);

        public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            gateOf(endpoint).Guard(await _sockets.BindAsync(endpoint, cancellationToken));
    }
}
