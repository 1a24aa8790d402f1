using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.ChatServer;

/// <summary>The rooms, with their newest messages. A room is active with somebody in it or a message within the last 5 minutes.</summary>
public sealed class Rooms
{
    const int RoomsMax = 1_000;
    const int HistoryMax = 50;
    static readonly TimeSpan s_activeFor = TimeSpan.FromMinutes(5);
    static readonly TimeSpan s_historyFor = TimeSpan.FromMinutes(30);

    readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    readonly Database _database;
    readonly Cache _cache;
    readonly TimeProvider _clock;

    public Rooms(IMeterFactory meters, EventBus bus, Database database, Cache cache, TimeProvider clock)
    {
        _database = database;
        _cache = cache;
        _clock = clock;
        bus.Subscribe(KeepAsync);
        meters.Create("Veza.Rooms").Gauge("Rooms with somebody in them or a message within the last 5 minutes.", () => Active,
            "chat_rooms_active", "veza_chat_rooms_active_total");
    }

    int Active => _rooms.Values.Count(room => room.Members > 0 || _clock.GetElapsedTime(room.UsedAt) < s_activeFor);

    public IEnumerable<string> Names => _rooms.Keys;

    /// <summary>The room of this name, opened if need be; null when there are too many.</summary>
    public Room? Open(string name)
    {
        if (_rooms.TryGetValue(name, out var room)) return room;
        return _rooms.Count >= RoomsMax ? null : _rooms.GetOrAdd(name, _ => new Room { UsedAt = _clock.GetTimestamp() });
    }

    /// <summary>The newest messages as a JSON array, oldest first.</summary>
    public Task<string?> HistoryAsync(string name, CancellationToken cancellationToken) =>
        _cache.GetOrLoadAsync("history:" + name, s_historyFor, () =>
            _database.SelectAsync("messages", () => _rooms.TryGetValue(name, out var room) ? room.History() : null, cancellationToken));

    Task KeepAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        if (Open(message.Room) is not { } room) return Task.CompletedTask;
        room.Add(message, HistoryMax);
        room.UsedAt = _clock.GetTimestamp();
        _cache.Set("history:" + message.Room, room.History(), s_historyFor);
        return Task.CompletedTask;
    }
}

/// <summary>One room.</summary>
public sealed class Room
{
    readonly Queue<ChatMessage> _messages = new(); // guarded by itself
    int _members;
    long _usedAt;

    public int Members => Volatile.Read(ref _members);

    public long UsedAt
    {
        get => Interlocked.Read(ref _usedAt);
        set => Interlocked.Exchange(ref _usedAt, value);
    }

    public void Enter() => Interlocked.Increment(ref _members);

    public void Leave() => Interlocked.Decrement(ref _members);

    public void Add(ChatMessage message, int messagesMax)
    {
        lock (_messages)
        {
            if (_messages.Count == messagesMax) _messages.Dequeue();
            _messages.Enqueue(message);
        }
    }

    public string History()
    {
        lock (_messages) return JsonSerializer.Serialize(_messages, JsonSerializerOptions.Web);
    }
}
