using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Vigie.Configuration;
using Vigie.Configuration.Web;

namespace Vigie.Server.Access;

/// <summary>
/// Compares passwords with bcrypt hashes. A comparison is meant to be slow (a tenth of a second), so what came of it is remembered; one runs at a time, so
/// that guessing cannot take more than one core. Thread-safe.
/// </summary>
sealed class PasswordCheck(Func<string, string, bool> verify) : IDisposable
{
    readonly SemaphoreSlim _one = new(1);

    /// <summary>Digests under a key that only this process has ever had: they say nothing of the password, and their order cannot be chosen.</summary>
    readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    // Apart, so that guesses do not push out what is right.
    readonly RecentDigests _right = new(), _wrong = new();

    /// <param name="verify">Password and hash → whether they fit; slow.</param>
    public PasswordCheck() : this(static (password, hash) => BCrypt.Net.BCrypt.Verify(password, hash))
    {
    }

    /// <param name="users">Hash by user; not empty.</param>
    public async ValueTask<bool> IsRightAsync(IReadOnlyDictionary<string, Secret> users, BasicCredentials credentials, CancellationToken cancellation)
    {
        // Who is unknown is compared as well, so that the time does not tell who is known.
        bool isKnown = users.TryGetValue(credentials.User, out var secret);
        string hash = (secret ?? Costliest(users)).Reveal();
        var digest = DigestOf(credentials.User, hash, credentials.Password);
        if (_right.Contains(digest)) return isKnown;
        if (_wrong.Contains(digest)) return false;
        await _one.WaitAsync(cancellation);
        try
        {
            if (_right.Contains(digest)) return isKnown;
            bool isRight = verify(credentials.Password, hash) && isKnown;
            (isRight ? _right : _wrong).Add(digest);
            return isRight;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    static Secret Costliest(IReadOnlyDictionary<string, Secret> users) => users.Values.MaxBy(static hash => BcryptHash.CostOf(hash.Reveal()))!;

    UInt128 DigestOf(string user, string hash, string password)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{user.Length}:{user}{hash.Length}:{hash}{password}"), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    /// <summary>The last <see cref="CountMax"/> digests that were added.</summary>
    sealed class RecentDigests
    {
        const int CountMax = 100;

        readonly Lock _lock = new();
        readonly HashSet<UInt128> _all = [];
        readonly Queue<UInt128> _order = new();

        public bool Contains(UInt128 digest)
        {
            lock (_lock) return _all.Contains(digest);
        }

        public void Add(UInt128 digest)
        {
            lock (_lock)
            {
                if (!_all.Add(digest)) return;
                _order.Enqueue(digest);
                if (_order.Count > CountMax) _all.Remove(_order.Dequeue());
            }
        }
    }
}
