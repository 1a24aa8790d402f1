using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Vigie.Dashboards;

/// <summary>
/// Users and their sessions. Begins with <c>admin</c>/<c>admin</c>, which must be changed at the first sign-in, as in Grafana. Safe for
/// concurrent use; hashing runs outside of the lock.
/// </summary>
public sealed class UserStore
{
    public const string FirstLogin = "admin";
    public const string FirstPassword = "admin";
    const int TokenBytes = 32;

    readonly IUserState _state;
    readonly UserStoreOptions _options;
    readonly TimeProvider _clock;
    readonly FailureLimiter _limiter;
    // Of the first password. Also compared against for names nobody has, so that they take as long as names somebody has. Made when it is first
    // needed: it takes a good part of a second, and a server that starts should not wait for it.
    readonly Lazy<string> _firstHash;
    readonly byte[] _cacheKey = RandomNumberGenerator.GetBytes(32);
    readonly Lock _lock = new();
    UserDocument _document;         // immutable; replaced under _lock
    (string Key, DateTimeOffset Until) _verified = ("", default);   // last good basic credentials, guarded by _lock

    /// <exception cref="InvalidDataException">The saved state is damaged.</exception>
    public UserStore(IUserState state, TimeProvider clock, UserStoreOptions? options = null)
    {
        (_state, _clock, _options) = (state, clock, options ?? new());
        _limiter = new(_options.FailuresMax, _options.FailureWindow, clock);
        _firstHash = new(() => PasswordHash.Create(FirstPassword, _options.HashIterations));
        _document = state.Load() is { } saved ? UserDocument.Read(saved)
            : new(UserDocument.CurrentVersion, [new(1, FirstLogin, "Admin", UserEntry.IsFirstPassword, MustChangePassword: true)], []);
    }

    /// <param name="client">The client's address: attempts are counted per name and per client.</param>
    public SignInResult SignIn(string login, string password, string client)
    {
        var result = Verify(login, password, client);
        if (result.User is not { } user) return result;
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));
        var now = _clock.GetUtcNow();
        lock (_lock)
        {
            var mine = _document.Sessions.Where(session => session.Login == user.Login && session.ExpiresAt > now)
                .OrderByDescending(session => session.ExpiresAt).Take(_options.SessionsPerUserMax - 1);
            var others = _document.Sessions.Where(session => session.Login != user.Login && session.ExpiresAt > now);
            Replace(_document with { Sessions = [.. others, .. mine, new(HashOf(token), user.Login, now + _options.SessionLifetime)] });
        }
        return result with { Token = token };
    }

    string PasswordHashOf(UserEntry? entry) => entry is null or { Password: UserEntry.IsFirstPassword, MustChangePassword: true } ? _firstHash.Value : entry.Password;

    /// <summary>Checks credentials that come with every request (HTTP Basic). The last good pair is remembered for a minute.</summary>
    public SignInResult Verify(string login, string password, string client)
    {
        var byName = "name:" + login;
        var byClient = "client:" + client;
        var refusal = TimeSpan.FromTicks(Math.Max(_limiter.Refusal(byName).Ticks, _limiter.Refusal(byClient).Ticks));
        if (refusal > TimeSpan.Zero) return new(SignInOutcome.TooManyAttempts, null, null, refusal);
        var entry = Entry(login);
        var key = CredentialKey(login, password, entry?.Password ?? "");
        lock (_lock)
        {
            if (entry is not null && _verified.Until > _clock.GetUtcNow() && _verified.Key == key)
                return new(SignInOutcome.SignedIn, entry.ToUser(), null, TimeSpan.Zero);
        }
        var matches = password.Length <= _options.PasswordLengthMax && PasswordHash.Matches(PasswordHashOf(entry), password);
        if (!matches || entry is null)
        {
            _limiter.Failed(byName);
            _limiter.Failed(byClient);
            return new(SignInOutcome.WrongCredentials, null, null, TimeSpan.Zero);
        }
        _limiter.Succeeded(byName);
        _limiter.Succeeded(byClient);
        lock (_lock) _verified = (key, _clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        return new(SignInOutcome.SignedIn, entry.ToUser(), null, TimeSpan.Zero);
    }

    /// <returns>Whose session it is; null if there is none or it has ended.</returns>
    public User? FindBySession(string token)
    {
        var document = Volatile.Read(ref _document);
        var hash = HashOf(token);
        var session = document.Sessions.FirstOrDefault(session => session.TokenHash == hash);
        return session is null || session.ExpiresAt <= _clock.GetUtcNow() ? null : Entry(session.Login)?.ToUser();
    }

    public void SignOut(string token)
    {
        var hash = HashOf(token);
        lock (_lock) Replace(_document with { Sessions = [.. _document.Sessions.Where(session => session.TokenHash != hash)] });
    }

    /// <summary>Replaces a password and ends every other session of the user.</summary>
    /// <param name="keepToken">The session that goes on.</param>
    /// <returns>Null, or why the password was not changed.</returns>
    public string? ChangePassword(string login, string oldPassword, string newPassword, string client, string? keepToken)
    {
        if (newPassword.Length < _options.PasswordLengthMin) return $"new password is too short, expected at least {_options.PasswordLengthMin} characters";
        if (newPassword.Length > _options.PasswordLengthMax) return $"new password is too long, expected at most {_options.PasswordLengthMax} characters";
        if (newPassword == oldPassword || newPassword == FirstPassword) return "new password must differ from the old one";
        var verified = Verify(login, oldPassword, client);
        if (verified.Outcome == SignInOutcome.TooManyAttempts) return "too many failed attempts, try again later";
        if (verified.User is not { } user) return "old password is wrong";
        var hash = PasswordHash.Create(newPassword, _options.HashIterations);
        var keep = keepToken is null ? "" : HashOf(keepToken);
        lock (_lock)
        {
            Replace(_document with
            {
                Users = [.. _document.Users.Select(entry =>
                    entry.Login == user.Login ? entry with { Password = hash, MustChangePassword = false } : entry)],
                Sessions = [.. _document.Sessions.Where(session => session.Login != user.Login || session.TokenHash == keep)],
            });
            _verified = ("", default);
        }
        return null;
    }

    UserEntry? Entry(string login) =>
        Volatile.Read(ref _document).Users.FirstOrDefault(user => user.Login.Equals(login, StringComparison.OrdinalIgnoreCase));

    /// <summary>Saves first: what a client was told is on disk. Called under _lock.</summary>
    void Replace(UserDocument document)
    {
        _state.Save(document.Write());
        Volatile.Write(ref _document, document);
    }

    string CredentialKey(string login, string password, string kept) =>
        Convert.ToHexString(HMACSHA256.HashData(_cacheKey, Encoding.UTF8.GetBytes($"{login}\0{password}\0{kept}")));

    static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
