namespace Vigie.EndToEnd.Tests.Harness;

/// <summary>A temporary configuration folder, deleted at the end.</summary>
sealed class ConfigurationFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("vigie-config-").FullName;

    public ConfigurationFolder With(string file, string text)
    {
        string path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
