using System.Collections.Concurrent;

namespace Veza.Load;

/// <summary>Streams that start and stop, and people who watch them.</summary>
sealed class Audience(Services services, int streams)
{
    const double JoinShare = 0.25;
    const double LeaveShare = 0.2;
    const int WatchingMax = 400;
    static readonly TimeSpan s_check = TimeSpan.FromSeconds(2);
    static readonly int[] s_bitratesBps = [64_000, 96_000, 128_000, 192_000, 256_000, 320_000];

    readonly ConcurrentDictionary<string, DateTime> _endsAt = new(StringComparer.Ordinal); // by stream id
    readonly ConcurrentQueue<(string Stream, string Session)> _watching = new();
    readonly VirtualUser _broadcaster = new("broadcaster", "10.255.0.1");
    int _lastSession;

    public int OnAir => _endsAt.Count;

    /// <summary>Keeps the wanted number of streams on the air, each for some minutes.</summary>
    public async Task RunAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(s_check);
        do
        {
            foreach (var (id, endsAt) in _endsAt)
            {
                if (endsAt <= DateTime.UtcNow) await StopAsync(id, ended);
            }
            if (_endsAt.Count < streams) await StartAsync(ended);
        }
        while (await timer.WaitForNextTickAsync(ended));
    }

    /// <summary>A user joins a stream, leaves one, or takes the next segment.</summary>
    public async Task WatchAsync(VirtualUser user, CancellationToken ended)
    {
        var ids = _endsAt.Keys.ToArray();
        if (ids.Length == 0) return;
        var id = ids[Random.Shared.Next(ids.Length)];
        switch (Random.Shared.NextDouble())
        {
            case < JoinShare when _watching.Count < WatchingMax:
                await services.SendAsync(HttpMethod.Get, services.Stream, $"/api/streams/{id}/manifest", user, null, ended);
                var session = $"{user.Name}-{Interlocked.Increment(ref _lastSession)}";
                await services.SendAsync(HttpMethod.Post, services.Stream, $"/api/streams/{id}/viewers/{session}", user, null, ended);
                _watching.Enqueue((id, session));
                break;
            case < JoinShare + LeaveShare when _watching.TryDequeue(out var watching):
                if (_endsAt.ContainsKey(watching.Stream))
                {
                    await services.SendAsync(HttpMethod.Delete, services.Stream,
                        $"/api/streams/{watching.Stream}/viewers/{watching.Session}", user, null, ended);
                }
                break;
            default:
                await services.SendAsync(HttpMethod.Get, services.Stream, $"/api/streams/{id}/segments/latest", user, null, ended);
                break;
        }
    }

    async Task StartAsync(CancellationToken ended)
    {
        var bitrate = s_bitratesBps[Random.Shared.Next(s_bitratesBps.Length)];
        var path = $"/api/streams?title=Live%20{_endsAt.Count + 1}&bitrate={bitrate}";
        var stream = await services.PostAsync<Started>(services.Stream, path, _broadcaster, null, ended);
        if (stream is not null) _endsAt[stream.Id] = DateTime.UtcNow.AddSeconds(Random.Shared.Next(30, 600));
    }

    async Task StopAsync(string id, CancellationToken ended)
    {
        _endsAt.TryRemove(id, out _);
        await services.SendAsync(HttpMethod.Delete, services.Stream, $"/api/streams/{id}", _broadcaster, null, ended);
    }

    sealed record Started(string Id);
}
