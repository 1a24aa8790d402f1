namespace Vigie.Dashboards;

/// <summary>Where users and sessions are kept between starts. The server keeps them in a file.</summary>
public interface IUserState
{
    /// <returns>What was saved last, or null if nothing was.</returns>
    byte[]? Load();

    /// <summary>Replaces what is kept; when it returns, a crash cannot lose it.</summary>
    void Save(ReadOnlySpan<byte> utf8);
}
