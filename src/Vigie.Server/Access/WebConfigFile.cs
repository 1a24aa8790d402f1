using System.Text;
using Vigie.Configuration;
using Vigie.Configuration.Web;

namespace Vigie.Server.Access;

/// <summary>
/// A web configuration on the disk as it is now: read at each use, as upstream does, and parsed when its bytes have changed (a small file takes some
/// microseconds to read; a time of change could be the same for two versions). Thread-safe.
/// </summary>
sealed class WebConfigFile(string path, IConfigFiles files, ILogger logger)
{
    readonly Lock _lock = new();
    State? _state; // replaced as a whole, under _lock

    public string Path { get; } = path;

    /// <summary>Reads the file and the certificates it names, to begin with.</summary>
    /// <exception cref="ConfigException">It has errors; the message lists all.</exception>
    public WebConfig Open()
    {
        var problems = new ConfigProblems();
        var config = Read(out byte[]? bytes, problems) is { } text ? WebConfigLoader.Load(Path, text, files, problems) : null;
        foreach (var warning in problems.Warnings) Hosting.HostingLog.ConfigurationWarning(logger, warning.ToString());
        if (config is null) throw new ConfigException(problems);
        lock (_lock) _state = new State(bytes!, config, config.Tls is { } tls ? new ServerTls(tls, files) : null);
        return config;
    }

    /// <summary>What stands in the file now, and TLS as it says; null if it cannot be used, which the log says once.</summary>
    public (WebConfig Config, ServerTls? Tls)? Current
    {
        get
        {
            var problems = new ConfigProblems();
            string? text = null;
            byte[]? bytes = null;
            lock (_lock)
            {
                text = Read(out bytes, problems);
                if (_state is { } known && (bytes is null ? known.Bytes is null : bytes.AsSpan().SequenceEqual(known.Bytes)))
                    return known.Config is null ? null : (known.Config, known.Tls);
                var config = text is null ? null : WebConfigLoader.Load(Path, text, problems);
                _state = new State(bytes, config, config?.Tls is { } tls ? new ServerTls(tls, files) : null);
                if (config is null) Hosting.HostingLog.WebConfigRefused(logger, Path, problems.ToString());
                else Hosting.HostingLog.WebConfigTaken(logger, Path);
                return config is null ? null : (config, _state.Tls);
            }
        }
    }

    string? Read(out byte[]? bytes, ConfigProblems problems)
    {
        bytes = null;
        try
        {
            bytes = files.ReadBytes(Path);
            if (bytes is not null) return Encoding.UTF8.GetString(bytes);
            problems.Error(new SourcePosition(Path, 0, 0), "", "found no such file");
        }
        catch (IOException problem)
        {
            problems.Error(new SourcePosition(Path, 0, 0), "", $"cannot be read: {problem.Message}");
        }
        return null;
    }

    /// <param name="Bytes">Null: could not be read.</param>
    /// <param name="Config">Null: cannot be used.</param>
    sealed record State(byte[]? Bytes, WebConfig? Config, ServerTls? Tls);
}
