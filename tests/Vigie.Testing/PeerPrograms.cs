namespace Vigie.Testing;

/// <summary>Other people's programs that tests compare with: their newest builds, in the folder that VIGIE_PEERS names, and those on PATH.</summary>
public static class PeerPrograms
{
    /// <returns>The newest build's path, or null.</returns>
    public static string? Newest(string name) => In(Environment.GetEnvironmentVariable("VIGIE_PEERS"), name);

    /// <returns>The first on PATH, or null.</returns>
    public static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => In(folder, name)).FirstOrDefault(static found => found is not null);

    static string? In(string? folder, string name) =>
        folder is { Length: > 0 } && Path.Combine(folder, name) is var path && File.Exists(path) ? path : null;
}
