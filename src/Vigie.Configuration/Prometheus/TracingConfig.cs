using Vigie.Configuration.Http;

namespace Vigie.Configuration.Prometheus;

/// <summary>Where this server's own traces go.</summary>
public sealed record TracingConfig
{
    /// <summary>grpc or http.</summary>
    public string ClientType { get; init; } = "grpc";

    public string Endpoint { get; init; } = "";

    /// <summary>0 to 1.</summary>
    public double SamplingFraction { get; init; }

    public bool Insecure { get; init; }
    public TlsConfig Tls { get; init; } = new();
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>gzip or "".</summary>
    public string Compression { get; init; } = "";

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);
}
