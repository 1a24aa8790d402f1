using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.ChatServer;

/// <summary>Looks at messages: a suspicious one is a signal, three signals of a user are a warning, six a ban of ten minutes.</summary>
public sealed class Moderation
{
    const int SignalsToWarn = 3;
    const int SignalsToBan = 6;
    const int TextCharsMax = 500;
    const int UsersMax = 10_000;
    static readonly TimeSpan s_banFor = TimeSpan.FromMinutes(10);
    static readonly string[] s_spam = ["buy followers", "free coins"];

    readonly ConcurrentDictionary<string, int> _signalsByUser = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, DateTimeOffset> _bannedUntil = new(StringComparer.Ordinal);
    readonly TimeProvider _clock;
    readonly Counter<long> _signals;
    readonly Counter<long> _actions;

    public Moderation(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        var meter = meters.Create("Veza.Moderation");
        _signals = meter.CreateCounter<long>("veza_moderation_signals_total", null, "Suspicious messages, by reason.");
        _actions = meter.CreateCounter<long>("veza_moderation_actions_total", null, "Actions of the moderation, by kind.");
        foreach (var reason in (string[])["spam", "shouting", "too_long"]) _signals.Add(0, Tag("reason", reason));
        foreach (var action in (string[])["warn", "ban"]) _actions.Add(0, Tag("action", action));
        meter.Gauge("Users who are banned now.", () => Banned, "veza_banned_users_total");
    }

    int Banned
    {
        get
        {
            foreach (var (user, until) in _bannedUntil)
            {
                if (until <= _clock.GetUtcNow()) _bannedUntil.TryRemove(user, out _);
            }
            return _bannedUntil.Count;
        }
    }

    public bool IsBanned(string user) => _bannedUntil.TryGetValue(user, out var until) && until > _clock.GetUtcNow();

    /// <summary>Whether the message may be sent.</summary>
    public bool Accepts(string user, string text)
    {
        if (Suspicion(text) is not { } reason) return true;
        _signals.Add(1, Tag("reason", reason));
        if (_signalsByUser.Count >= UsersMax) _signalsByUser.Clear();
        var signals = _signalsByUser.AddOrUpdate(user, 1, (_, before) => before + 1);
        if (signals == SignalsToWarn) _actions.Add(1, Tag("action", "warn"));
        if (signals >= SignalsToBan)
        {
            _actions.Add(1, Tag("action", "ban"));
            _bannedUntil[user] = _clock.GetUtcNow() + s_banFor;
            _signalsByUser.TryRemove(user, out _);
        }
        return false;
    }

    static string? Suspicion(string text)
    {
        if (text.Length > TextCharsMax) return "too_long";
        if (s_spam.Any(spam => text.Contains(spam, StringComparison.OrdinalIgnoreCase))) return "spam";
        return text.Length > 20 && text.All(c => !char.IsLower(c)) ? "shouting" : null;
    }
}
