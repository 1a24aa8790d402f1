using Vigie.Configuration.Http;

namespace Vigie.Remote;

/// <summary>How remote write runs in this process.</summary>
public sealed record RemoteWriteOptions
{
    /// <summary>Folder of the positions.</summary>
    public required string Directory { get; init; }

    /// <summary>Makes connections; the second argument asks for another address of the host each time (<c>round_robin_dns</c>).</summary>
    public required Func<HttpClientConfig, bool, HttpMessageHandler> CreateHandler { get; init; }

    public string UserAgent { get; init; } = "Vigie";

    /// <summary>How long a stopping server goes on sending. Prometheus: storage.remote.flush-deadline.</summary>
    public TimeSpan FlushDeadline { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most bytes of the log that may wait on disk for receivers that do not answer; beyond, the oldest are dropped
    /// unsent.</summary>
    public long LogBytesMax { get; init; } = 8L << 30;
}
