using System.Diagnostics;

namespace Veza.Load;

/// <summary>The traffic: users come, act at the wanted rate with a slow wave over it, and never more than a bound at a time.</summary>
sealed class Traffic
{
    const int InFlightMax = 400;
    const int SignInsAtOnce = 4;
    const double Wave = 0.35;
    const double Noise = 0.1;
    static readonly TimeSpan s_wavePeriod = TimeSpan.FromMinutes(10);
    static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan s_report = TimeSpan.FromSeconds(10);

    readonly Services _services;
    readonly LoadOptions _options;
    readonly VirtualUser[] _users;
    readonly ChatClients _chat;
    readonly Audience _audience;
    readonly Behaviour _behaviour;
    int _inFlight;

    Traffic(Services services, LoadOptions options)
    {
        _services = services;
        _options = options;
        var run = Random.Shared.Next(0x1000000).ToString("x6");
        var network = Random.Shared.Next(256);
        _users = [.. Enumerable.Range(0, options.Users).Select(i => new VirtualUser($"user-{run}-{i}", $"10.{network}.{i / 250}.{(i % 250) + 1}"))];
        _chat = new ChatClients(services, _users, options.Sockets);
        _audience = new Audience(services, options.Streams);
        _behaviour = new Behaviour(services, _chat, _audience, run);
    }

    public static async Task RunAsync(Services services, LoadOptions options, CancellationToken ended)
    {
        var traffic = new Traffic(services, options);
        try
        {
            await Task.WhenAll(
                traffic.SignInAsync(ended), traffic.ActAsync(ended), traffic._chat.RunAsync(ended), traffic._audience.RunAsync(ended),
                options.Quiet ? Task.CompletedTask : traffic.ReportAsync(ended));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            if (!options.Quiet) Console.WriteLine($"end: {services.Tally}");
        }
    }

    /// <summary>Signs everybody in, and waits for the services where they are not up yet.</summary>
    Task SignInAsync(CancellationToken ended) => Parallel.ForEachAsync(_users,
        new ParallelOptions { MaxDegreeOfParallelism = SignInsAtOnce, CancellationToken = ended }, async (user, stopping) =>
        {
            while (user.Token is null && !await user.SignInAsync(_services, Behaviour.LoginMethod(), stopping)) await Task.Delay(s_retry, stopping);
        });

    async Task ActAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(s_tick);
        var clock = Stopwatch.StartNew();
        var last = clock.Elapsed;
        var due = 0.0;
        while (await timer.WaitForNextTickAsync(ended))
        {
            var phase = 2 * Math.PI * clock.Elapsed / s_wavePeriod;
            var level = 1 + (Wave * Math.Sin(phase)) + (Noise * ((2 * Random.Shared.NextDouble()) - 1));
            due = Math.Min(due + (_options.Rate * level * (clock.Elapsed - last).TotalSeconds), InFlightMax);
            last = clock.Elapsed;
            for (; due >= 1; due--) Start(_users[Random.Shared.Next(_users.Length)], ended);
        }
    }

    void Start(VirtualUser user, CancellationToken ended)
    {
        if (Interlocked.Increment(ref _inFlight) > InFlightMax)
        {
            Interlocked.Decrement(ref _inFlight); // the services are too slow: what they cannot take is not offered
            return;
        }
        _ = ActAsync(user, ended);
    }

    async Task ActAsync(VirtualUser user, CancellationToken ended)
    {
        try
        {
            if (user.Token is null) await user.SignInAsync(_services, Behaviour.LoginMethod(), ended); // not yet, or not any more
            else await _behaviour.ActAsync(user, ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // the end
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    async Task ReportAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(s_report);
        var before = 0L;
        while (await timer.WaitForNextTickAsync(ended))
        {
            var total = _services.Tally.Total;
            Console.WriteLine($"{DateTime.Now:HH:mm:ss}  {(total - before) / s_report.TotalSeconds:0.0}/s  {_services.Tally}  "
                + $"users {_users.Count(user => user.Token is not null)}  sockets {_chat.Connected}  streams {_audience.OnAir}");
            before = total;
        }
    }
}
