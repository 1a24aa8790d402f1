using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>Brings alerts to several sinks, in order.</summary>
public sealed class FanOutAlertSink(params IReadOnlyList<IAlertSink> sinks) : IAlertSink
{
    public async ValueTask SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        foreach (var sink in sinks) await sink.SendAsync(alerts, cancellation);
    }
}
