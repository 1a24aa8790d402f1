namespace Veza.BackendApi;

/// <summary>An account.</summary>
public sealed class User(int id, string name, byte[] salt, byte[] passwordHash)
{
    int _isPremium;

    public int Id { get; } = id;

    public string Name { get; } = name;

    public byte[] Salt { get; } = salt;

    public byte[] PasswordHash { get; } = passwordHash;

    public bool IsPremium => Volatile.Read(ref _isPremium) == 1;

    /// <summary>True the first time.</summary>
    public bool TryUpgrade() => Interlocked.Exchange(ref _isPremium, 1) == 0;
}
