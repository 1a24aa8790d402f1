using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.ChatServer;

/// <summary>Messages on their way: accepted, then stored and published by a few workers. Bounded; a full queue refuses.</summary>
public sealed class MessageQueue : BackgroundService
{
    const int MessagesMax = 10_000;
    const int Workers = 4;

    readonly Channel<ChatMessage> _queue = Channel.CreateBounded<ChatMessage>(MessagesMax);
    readonly Database _database;
    readonly EventBus _bus;
    readonly RollingSum _recent;
    readonly Counter<long> _byChannel;
    long _created;
    long _sent;

    public MessageQueue(IMeterFactory meters, Database database, EventBus bus, TimeProvider clock)
    {
        _database = database;
        _bus = bus;
        _recent = new RollingSum(clock, TimeSpan.FromMinutes(1));
        var meter = meters.Create("Veza.Messages");
        meter.Gauge("Messages waiting to be stored and sent.", () => _queue.Reader.Count, "veza_message_queue_size");
        meter.Gauge("Messages per second over the last minute.", () => _recent.PerSecond, "messages_per_second");
        meter.Counter("Total number of messages created.", () => Interlocked.Read(ref _created), "veza_messages_created_total");
        meter.Counter("Total number of chat messages sent.", () => Interlocked.Read(ref _sent),
            "veza_messages_total", "veza_chat_messages_total", "chat_messages_sent_total");
        _byChannel = meter.CreateCounter<long>("chat_messages_total", null, "Chat messages, by the way they came.");
    }

    /// <summary>False when the queue is full.</summary>
    /// <param name="message">What to store and send.</param>
    /// <param name="channel">"websocket" or "http".</param>
    public bool TryAdd(ChatMessage message, string channel)
    {
        if (!_queue.Writer.TryWrite(message)) return false;
        Interlocked.Increment(ref _created);
        _byChannel.Add(1, Tag("channel", channel));
        return true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => WorkAsync(stoppingToken)));

    async Task WorkAsync(CancellationToken stopping)
    {
        await foreach (var message in _queue.Reader.ReadAllAsync(stopping))
        {
            await _database.InsertAsync("messages", () => true, stopping);
            await _bus.PublishAsync(message, stopping);
            Interlocked.Increment(ref _sent);
            _recent.Add(1);
        }
    }
}
