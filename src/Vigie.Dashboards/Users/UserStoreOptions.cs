namespace Vigie.Dashboards;

/// <summary>Limits of signing in.</summary>
public sealed record UserStoreOptions
{
    /// <summary>A session ends this long after it began. Grafana's login_maximum_lifetime_duration is 30 days as well.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Oldest sessions of a user end when there are more. Bounds the state file.</summary>
    public int SessionsPerUserMax { get; init; } = 50;

    /// <summary>Failed attempts per user name and per client address within <see cref="FailureWindow"/> before further ones are refused.</summary>
    public int FailuresMax { get; init; } = 5;
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Shortest password that a user may choose.</summary>
    public int PasswordLengthMin { get; init; } = 8;

    /// <summary>Longest password that is hashed; longer ones are refused unread.</summary>
    public int PasswordLengthMax { get; init; } = 1024;

    /// <summary>PBKDF2 iterations for new hashes. Tests take fewer.</summary>
    public int HashIterations { get; init; } = PasswordHash.Iterations;
}
