using System.Diagnostics.Metrics;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.ChatServer;

/// <summary>Events between the parts of the chat server, in the part of NATS: subscribers are called in the order they subscribed.</summary>
public sealed class EventBus
{
    readonly RollingSum _published;
    readonly List<Func<ChatMessage, CancellationToken, Task>> _subscribers = []; // filled at start

    public EventBus(IMeterFactory meters, TimeProvider clock)
    {
        _published = new RollingSum(clock, TimeSpan.FromMinutes(1));
        meters.Create("Veza.EventBus").Gauge("Events per second on the bus over the last minute.",
            () => _published.PerSecond, "veza_nats_messages_per_second");
    }

    public void Subscribe(Func<ChatMessage, CancellationToken, Task> subscriber) => _subscribers.Add(subscriber);

    public async Task PublishAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        _published.Add(1);
        foreach (var subscriber in _subscribers) await subscriber(message, cancellationToken);
    }
}
