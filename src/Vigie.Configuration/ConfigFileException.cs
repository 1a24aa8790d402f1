namespace Vigie.Configuration;

/// <summary>A file that the configuration names (a secret, a certificate) cannot be read or used when it is needed.</summary>
public sealed class ConfigFileException(string path, string problem, Exception? inner = null) : IOException($"{path}: {problem}", inner)
{
    public string Path { get; } = path;
}
