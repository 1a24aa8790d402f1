using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.ChatServer;

/// <summary>
/// The WebSocket connections. Each has a queue of its own: one who reads slowly loses messages, the others do not wait.
/// </summary>
public sealed class Sockets
{
    const int ConnectionsMax = 5_000;
    const int QueuedMax = 256;
    const int MessageBytesMax = 4096;
    static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(1);

    readonly ConcurrentDictionary<Connection, bool> _connections = new();
    readonly MessageQueue _queue;
    readonly Moderation _moderation;
    readonly Cache _cache;
    readonly TimeProvider _clock;
    readonly CancellationToken _stopping;
    readonly Counter<long> _messages;
    readonly Counter<long> _byType;

    public Sockets(
        IMeterFactory meters, MessageQueue queue, EventBus bus, Moderation moderation, Cache cache, TimeProvider clock,
        IHostApplicationLifetime lifetime)
    {
        _queue = queue;
        _moderation = moderation;
        _cache = cache;
        _clock = clock;
        _stopping = lifetime.ApplicationStopping;
        bus.Subscribe(SendAsync);
        var meter = meters.Create("Veza.WebSockets");
        meter.Gauge("Open WebSocket connections.", () => _connections.Count, "websocket_connections_active", "veza_websocket_connections");
        meter.Gauge("Users connected to the chat.",
            () => _connections.Keys.Select(connection => connection.User).Distinct(StringComparer.Ordinal).Count(), "veza_chat_users_online_total");
        _messages = meter.CreateCounter<long>("veza_websocket_messages_total", null, "WebSocket messages received and sent.");
        _byType = meter.CreateCounter<long>("websocket_messages_total", null, "WebSocket messages received, by type.");
    }

    /// <summary>Serves a connection until either side ends it, or the service stops.</summary>
    public async Task ServeAsync(HttpContext context, string user, string roomName, Room room)
    {
        if (_connections.Count >= ConnectionsMax || _moderation.IsBanned(user))
        {
            context.Response.StatusCode =
                _moderation.IsBanned(user) ? StatusCodes.Status403Forbidden : StatusCodes.Status503ServiceUnavailable;
            return;
        }
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        using var subscription = _cache.Connect();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(ended.Token, _stopping);
        var connection = new Connection(user, roomName, Channel.CreateBounded<byte[]>(
            new BoundedChannelOptions(QueuedMax) { FullMode = BoundedChannelFullMode.DropOldest }));
        _connections[connection] = true;
        room.Enter();
        _cache.Set("presence:" + user, roomName, TimeSpan.FromMinutes(5));
        try
        {
            await Task.WhenAny(ReceiveAsync(socket, connection, ended.Token), SendQueuedAsync(socket, connection, stopping.Token));
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            room.Leave();
            await CloseAsync(socket,
                _stopping.IsCancellationRequested ? WebSocketCloseStatus.EndpointUnavailable : WebSocketCloseStatus.NormalClosure);
            await ended.CancelAsync();
        }
    }

    async Task ReceiveAsync(WebSocket socket, Connection connection, CancellationToken ended)
    {
        var buffer = new byte[MessageBytesMax];
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), ended);
                if (received.MessageType == WebSocketMessageType.Close || !received.EndOfMessage) return;
                Handle(connection, buffer.AsSpan(0, received.Count));
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // the connection is gone
        }
    }

    void Handle(Connection connection, ReadOnlySpan<byte> bytes)
    {
        var frame = TryRead(bytes);
        var type = frame?.Type is "message" or "typing" or "presence" ? frame.Type : "invalid";
        _messages.Add(1);
        _byType.Add(1, Tag("message_type", type));
        if (type == "presence") _cache.Set("presence:" + connection.User, connection.Room, TimeSpan.FromMinutes(5));
        if (type != "message" || frame?.Text is not { } text || !_moderation.Accepts(connection.User, text)) return;
        _queue.TryAdd(new ChatMessage(connection.Room, connection.User, text, _clock.GetUtcNow().ToUnixTimeMilliseconds()), "websocket");
    }

    Task SendAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, JsonSerializerOptions.Web);
        foreach (var connection in _connections.Keys)
        {
            if (connection.Room == message.Room) connection.Queue.Writer.TryWrite(bytes);
        }
        return Task.CompletedTask;
    }

    async Task SendQueuedAsync(WebSocket socket, Connection connection, CancellationToken stopping)
    {
        try
        {
            await foreach (var bytes in connection.Queue.Reader.ReadAllAsync(stopping))
            {
                await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None); // whole frames only
                _messages.Add(1);
            }
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // the connection is gone
        }
    }

    static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus status)
    {
        if (socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived)) return;
        try
        {
            using var timeout = new CancellationTokenSource(s_closeTimeout);
            await socket.CloseOutputAsync(status, null, timeout.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            // the connection is gone
        }
    }

    static Frame? TryRead(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<Frame>(bytes, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    sealed record Frame(string? Type, string? Text);

    sealed class Connection(string user, string room, Channel<byte[]> queue)
    {
        public string User { get; } = user;

        public string Room { get; } = room;

        public Channel<byte[]> Queue { get; } = queue;
    }
}
