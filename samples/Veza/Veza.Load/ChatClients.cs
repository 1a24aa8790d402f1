using System.Net.WebSockets;
using System.Text.Json;

namespace Veza.Load;

/// <summary>People in the chat: WebSocket connections that stay, listen, and are made again when they break.</summary>
sealed class ChatClients
{
    const int PeoplePerRoom = 8;
    static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);
    static readonly string[] s_texts =
    [
        "hello everybody", "what is this track?", "love it", "same here", "who made that remix?", "see you tomorrow",
        "the bass is too loud", "can you play the last one again", "new upload from me, tell me what you think", "good night",
    ];

    static readonly string[] s_suspicious = ["buy followers at my site", "FREE COINS FREE COINS FREE COINS", "WHY DOES NOBODY ANSWER ME"];
    static readonly string[] s_rooms = ["lobby", "jazz", "techno", "producers", "help", "ambient", "folk", "offtopic"];

    readonly Services _services;
    readonly Client[] _clients;

    public ChatClients(Services services, VirtualUser[] users, int count)
    {
        _services = services;
        _clients = [.. Enumerable.Range(0, count).Select(i => new Client(users[i % users.Length], Room(i, count)))];
    }

    public int Connected => _clients.Count(client => client.Socket?.State == WebSocketState.Open);

    public static string AnyText() => Random.Shared.Next(150) == 0 ? One(s_suspicious) : One(s_texts);

    public string AnyRoom() => _clients.Length > 0 ? One(_clients).Room : s_rooms[0];

    public Task RunAsync(CancellationToken ended) => Task.WhenAll(_clients.Select(client => StayAsync(client, ended)));

    /// <summary>One of the connected says something.</summary>
    public async Task SayAsync(CancellationToken ended)
    {
        if (_clients.Length == 0) return;
        var client = One(_clients);
        var type = Random.Shared.Next(10) switch
        {
            < 6 => "message",
            < 9 => "typing",
            _ => "presence",
        };
        await client.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { type, text = AnyText() }), ended);
    }

    async Task StayAsync(Client client, CancellationToken ended)
    {
        var buffer = new byte[8192];
        await Task.Delay(Random.Shared.Next((int)s_retry.TotalMilliseconds), ended);
        while (!ended.IsCancellationRequested)
        {
            using var socket = new ClientWebSocket();
            try
            {
                socket.Options.SetRequestHeader("X-Forwarded-For", client.User.Address);
                await socket.ConnectAsync(Address(client), ended);
                client.Socket = socket;
                while ((await socket.ReceiveAsync(buffer.AsMemory(), ended)).MessageType != WebSocketMessageType.Close)
                {
                    // listens
                }
            }
            catch (Exception e) when (e is WebSocketException or IOException or HttpRequestException)
            {
                _services.Tally.AddUnreachable();
            }
            client.Socket = null;
            await Task.Delay(s_retry, ended);
        }
    }

    Uri Address(Client client) => new UriBuilder(_services.Chat)
    {
        Scheme = "ws",
        Path = "/ws",
        Query = $"room={client.Room}&user={client.User.Name}",
    }.Uri;

    static string Room(int index, int count) => s_rooms[index % Math.Clamp(count / PeoplePerRoom, 1, s_rooms.Length)];

    static T One<T>(T[] choices) => choices[Random.Shared.Next(choices.Length)];

    sealed class Client(VirtualUser user, string room)
    {
        readonly SemaphoreSlim _sending = new(1);

        public VirtualUser User { get; } = user;

        public string Room { get; } = room;

        public ClientWebSocket? Socket { get; set; }

        public async Task SendAsync(byte[] message, CancellationToken ended)
        {
            await _sending.WaitAsync(ended);
            try
            {
                if (Socket is { State: WebSocketState.Open } socket)
                    await socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, ended);
            }
            catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // the connection broke in between; StayAsync makes a new one
            }
            finally
            {
                _sending.Release();
            }
        }
    }
}
