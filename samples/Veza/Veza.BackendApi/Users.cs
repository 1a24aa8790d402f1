using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Text;
using Veza.Shared;
using static Veza.Shared.MeterNames;

namespace Veza.BackendApi;

/// <summary>Accounts and sessions. A user is active who made a request within the last 5 minutes.</summary>
public sealed class Users
{
    const int UsersMax = 100_000;
    const int PasswordRounds = 1_000; // few: this is a sample under load on a small machine
    const int PasswordBytes = 32;
    static readonly TimeSpan s_activeFor = TimeSpan.FromMinutes(5);
    static readonly TimeSpan s_sessionFor = TimeSpan.FromMinutes(30);

    readonly ConcurrentDictionary<string, User> _byName = new(StringComparer.OrdinalIgnoreCase);
    readonly ConcurrentDictionary<int, User> _byId = new();
    readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);
    readonly Database _database;
    readonly Cache _cache;
    readonly TimeProvider _clock;
    readonly Counter<long> _loginsByMethod;
    readonly Counter<long> _failedLogins;
    int _lastId;
    long _registrations;
    long _logins;
    long _premium;

    public Users(IMeterFactory meters, Database database, Cache cache, TimeProvider clock)
    {
        _database = database;
        _cache = cache;
        _clock = clock;
        var meter = meters.Create("Veza.Users");
        meter.Gauge("Users who made a request within the last 5 minutes.", () => Active,
            "active_users", "active_users_total", "veza_active_users", "veza_active_users_total");
        meter.Gauge("Open user sessions.", () => OpenSessions, "veza_user_sessions");
        meter.Gauge("Registered users.", () => _byId.Count, "veza_registered_users_total");
        meter.Gauge("Users with a paid plan.", () => Interlocked.Read(ref _premium), "veza_premium_users_total");
        meter.Counter("Total number of user registrations.", () => Interlocked.Read(ref _registrations),
            "user_registrations_total", "veza_user_registrations_total");
        meter.Counter("Total number of user logins.", () => Interlocked.Read(ref _logins), "veza_user_logins_total");
        _loginsByMethod = meter.CreateCounter<long>("user_logins_total", null, "Total number of user logins, by method.");
        _failedLogins = meter.CreateCounter<long>("veza_failed_logins_total", null, "Total number of failed login attempts, by source address.");
    }

    int Active => _sessions.Values.Where(session => IsWithin(session, s_activeFor)).Select(session => session.User.Id).Distinct().Count();

    int OpenSessions
    {
        get
        {
            foreach (var (token, session) in _sessions)
            {
                if (!IsWithin(session, s_sessionFor)) _sessions.TryRemove(token, out _);
            }
            return _sessions.Count;
        }
    }

    /// <summary>The new user, or null when the name is taken or no more users are taken in.</summary>
    public Task<User?> RegisterAsync(string name, string password, CancellationToken cancellationToken) =>
        _database.InsertAsync("users", () =>
        {
            if (_byId.Count >= UsersMax) return null;
            var salt = RandomNumberGenerator.GetBytes(16);
            var user = new User(Interlocked.Increment(ref _lastId), name, salt, Hash(password, salt));
            if (!_byName.TryAdd(name, user)) return null;
            _byId[user.Id] = user;
            Interlocked.Increment(ref _registrations);
            return user;
        }, cancellationToken);

    /// <summary>A session token, or null when name or password is wrong.</summary>
    public async Task<string?> LogInAsync(string name, string password, string method, string address, CancellationToken cancellationToken)
    {
        var user = await _database.SelectAsync("users", () => _byName.GetValueOrDefault(name), cancellationToken);
        if (user is null || !CryptographicOperations.FixedTimeEquals(Hash(password, user.Salt), user.PasswordHash))
        {
            _failedLogins.Add(1, Tag("source_ip", address));
            return null;
        }
        var token = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        await _database.InsertAsync("sessions", () => _sessions[token] = new Session(user, _clock.GetTimestamp()), cancellationToken);
        _cache.Set("session:" + token, user.Name, s_sessionFor);
        Interlocked.Increment(ref _logins);
        _loginsByMethod.Add(1, Tag("method", method is "password" or "oauth" or "magic_link" ? method : "other"));
        return token;
    }

    public async Task LogOutAsync(string token, CancellationToken cancellationToken)
    {
        await _database.DeleteAsync("sessions", () => _sessions.TryRemove(token, out _), cancellationToken);
        _cache.Delete("session:" + token);
    }

    /// <summary>The user of a request's bearer token, who counts as active from then on; null without a valid one.</summary>
    public User? Authenticate(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal)) return null;
        var token = header["Bearer ".Length..];
        if (_cache.Get("session:" + token) is null || !_sessions.TryGetValue(token, out var session)) return null;
        session.SeenAt = _clock.GetTimestamp();
        UserType.Set(context, session.User.IsPremium);
        return session.User;
    }

    public Task<User?> FindAsync(int id, CancellationToken cancellationToken) =>
        _database.SelectAsync("users", () => _byId.GetValueOrDefault(id), cancellationToken);

    public void Upgrade(User user)
    {
        if (user.TryUpgrade()) Interlocked.Increment(ref _premium);
    }

    bool IsWithin(Session session, TimeSpan time) => _clock.GetElapsedTime(session.SeenAt) < time;

    static byte[] Hash(string password, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, PasswordRounds, HashAlgorithmName.SHA256, PasswordBytes);

    sealed class Session(User user, long seenAt)
    {
        long _seenAt = seenAt;

        public User User { get; } = user;

        public long SeenAt
        {
            get => Interlocked.Read(ref _seenAt);
            set => Interlocked.Exchange(ref _seenAt, value);
        }
    }
}
