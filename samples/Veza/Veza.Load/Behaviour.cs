using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace Veza.Load;

/// <summary>What users do, and how often.</summary>
sealed class Behaviour
{
    const int Tracks = 200;
    const double OrderShare = 0.12;
    const int AbuseCalls = 90;
    static readonly string[] s_searches = ["jazz", "house", "ambient", "techno", "folk", "track 1", "track 7", "live", "remix", "piano"];
    static readonly string[] s_plans = ["track", "track", "track", "premium", "family"];
    static readonly string[] s_fileTypes = ["audio/mpeg", "audio/mpeg", "audio/flac", "audio/ogg", "image/jpeg"];
    static readonly string[] s_wrongPages = ["/api/albums/1", "/wp-login.php", "/nonexistent", "/.env", "/api/tracks/999999"];
    static readonly VirtualUser[] s_intruders =
    [
        new("intruder-1", "203.0.113.7"), new("intruder-2", "203.0.113.21"), new("intruder-3", "203.0.113.99"),
        new("intruder-4", "198.51.100.4"), new("forgetful-1", "10.0.0.7"), new("forgetful-2", "10.0.0.8"),
    ];

    static readonly VirtualUser s_abuser = new("abuser", "198.51.100.66");

    readonly Services _services;
    readonly ChatClients _chat;
    readonly Audience _audience;
    readonly string _run;
    readonly (int Weight, Func<VirtualUser, CancellationToken, Task> Act)[] _actions;
    readonly int _weights;
    int _newcomers;

    public Behaviour(Services services, ChatClients chat, Audience audience, string run)
    {
        _services = services;
        _chat = chat;
        _audience = audience;
        _run = run;
        _actions =
        [
            (3000, GetTrackAsync), (1200, SearchAsync), (1000, GetProfileAsync), (600, VisitShopAsync), (200, CreatePlaylistAsync),
            (180, UploadAsync), (1600, SayAsync), (300, PostMessageAsync), (600, ReadRoomAsync), (1000, WatchAsync), (100, SignInAgainAsync),
            (100, FailToSignInAsync), (100, GetWrongPageAsync), (40, RegisterAsync), (8, AbuseAsync),
        ];
        _weights = _actions.Sum(action => action.Weight);
    }

    public static string LoginMethod() => Random.Shared.Next(10) switch
    {
        < 7 => "password",
        < 9 => "oauth",
        _ => "magic_link",
    };

    public Task ActAsync(VirtualUser user, CancellationToken ended)
    {
        var pick = Random.Shared.Next(_weights);
        foreach (var (weight, act) in _actions)
        {
            pick -= weight;
            if (pick < 0) return act(user, ended);
        }
        return Task.CompletedTask;
    }

    Task GetTrackAsync(VirtualUser user, CancellationToken ended)
    {
        var popularity = Random.Shared.NextDouble();
        return GetAsync(user, _services.Backend, $"/api/tracks/{1 + (int)(Tracks * popularity * popularity)}", ended);
    }

    Task SearchAsync(VirtualUser user, CancellationToken ended) =>
        GetAsync(user, _services.Backend, "/api/search?q=" + Uri.EscapeDataString(One(s_searches)), ended);

    Task GetProfileAsync(VirtualUser user, CancellationToken ended) => GetAsync(user, _services.Backend, $"/api/users/{Math.Max(1, user.Id)}", ended);

    async Task VisitShopAsync(VirtualUser user, CancellationToken ended)
    {
        await GetAsync(user, _services.Backend, "/api/plans", ended);
        if (Random.Shared.NextDouble() < OrderShare) await PostAsync(user, _services.Backend, "/api/orders?plan=" + One(s_plans), null, ended);
    }

    Task CreatePlaylistAsync(VirtualUser user, CancellationToken ended) => PostAsync(user, _services.Backend, "/api/playlists", null, ended);

    Task UploadAsync(VirtualUser user, CancellationToken ended)
    {
        var file = new ByteArrayContent(new byte[Random.Shared.Next(5_000, 300_000)]);
        file.Headers.ContentType = new MediaTypeHeaderValue(One(s_fileTypes));
        return PostAsync(user, _services.Backend, $"/api/tracks?title=Upload%20{Random.Shared.Next(10_000)}", file, ended);
    }

    Task SayAsync(VirtualUser user, CancellationToken ended) => _chat.SayAsync(ended);

    Task PostMessageAsync(VirtualUser user, CancellationToken ended) => PostAsync(user, _services.Chat,
        $"/api/rooms/{_chat.AnyRoom()}/messages", JsonContent.Create(new { User = user.Name, Text = ChatClients.AnyText() }), ended);

    Task ReadRoomAsync(VirtualUser user, CancellationToken ended) =>
        GetAsync(user, _services.Chat, $"/api/rooms/{_chat.AnyRoom()}/messages", ended);

    Task WatchAsync(VirtualUser user, CancellationToken ended) => _audience.WatchAsync(user, ended);

    async Task SignInAgainAsync(VirtualUser user, CancellationToken ended)
    {
        if (user.Token is null) return;
        await user.SignOutAsync(_services, ended);
        await user.SignInAsync(_services, LoginMethod(), ended);
    }

    Task FailToSignInAsync(VirtualUser user, CancellationToken ended) => _services.SendAsync(HttpMethod.Post, _services.Backend, "/api/login",
        One(s_intruders), JsonContent.Create(new { user.Name, Password = "password" + Random.Shared.Next(100) }), ended);

    Task GetWrongPageAsync(VirtualUser user, CancellationToken ended) => GetAsync(user, _services.Backend, One(s_wrongPages), ended);

    async Task RegisterAsync(VirtualUser user, CancellationToken ended)
    {
        var newcomer = new VirtualUser($"new-{_run}-{Interlocked.Increment(ref _newcomers)}", $"10.{Random.Shared.Next(256)}.250.{Random.Shared.Next(1, 255)}");
        await newcomer.SignInAsync(_services, LoginMethod(), ended);
    }

    /// <summary>One client asks far too often, and is told so.</summary>
    Task AbuseAsync(VirtualUser user, CancellationToken ended) => Task.WhenAll(Enumerable.Range(0, AbuseCalls).Select(_ =>
        _services.SendAsync(HttpMethod.Get, _services.Backend, "/api/search?q=free", s_abuser, null, ended)));

    async Task GetAsync(VirtualUser user, Uri service, string path, CancellationToken ended) =>
        await NoteAsync(user, await _services.SendAsync(HttpMethod.Get, service, path, user, null, ended), ended);

    async Task PostAsync(VirtualUser user, Uri service, string path, HttpContent? body, CancellationToken ended) =>
        await NoteAsync(user, await _services.SendAsync(HttpMethod.Post, service, path, user, body, ended), ended);

    /// <summary>Somebody the service does not know any more signs in again.</summary>
    async Task NoteAsync(VirtualUser user, HttpStatusCode? status, CancellationToken ended)
    {
        if (status == HttpStatusCode.Unauthorized && user.Token is not null) await user.SignInAsync(_services, LoginMethod(), ended);
    }

    static T One<T>(T[] choices) => choices[Random.Shared.Next(choices.Length)];
}
