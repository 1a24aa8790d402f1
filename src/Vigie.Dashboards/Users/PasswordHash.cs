using System.Globalization;
using System.Security.Cryptography;

namespace Vigie.Dashboards;

/// <summary>
/// A password as it is kept: <c>pbkdf2-sha256$iterations$salt$hash</c>, salt and hash in base 64. The count of iterations is OWASP's
/// recommendation for PBKDF2 with HMAC-SHA256; it is part of the text, so that it can grow.
/// </summary>
static class PasswordHash
{
    public const int Iterations = 600_000;
    const string Scheme = "pbkdf2-sha256";
    const int SaltBytes = 16;
    const int HashBytes = 32;

    public static string Create(string password, int iterations = Iterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
        return string.Create(CultureInfo.InvariantCulture, $"{Scheme}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>Takes the same time for every wrong password.</summary>
    public static bool Matches(string kept, string password)
    {
        var parts = kept.Split('$');
        if (parts.Length != 4 || parts[0] != Scheme || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out var iterations)) return false;
        var expected = Convert.FromBase64String(parts[3]);
        var actual = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(parts[2]), iterations, HashAlgorithmName.SHA256, expected.Length);
        return CryptographicOperations.FixedTimeEquals(expected, actual);
    }
}
