using Vigie.Configuration.Http;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus;

/// <summary>A server that every sample is sent to.</summary>
public sealed record RemoteWriteConfig
{
    public SourcePosition Position { get; init; }
    public string Url { get; init; } = "";
    public string Name { get; init; } = "";
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    public IReadOnlyList<RelabelRule> WriteRelabelRules { get; init; } = [];
    public bool SendExemplars { get; init; }
    public bool SendNativeHistograms { get; init; }

    /// <summary>prometheus.WriteRequest (1.0) or io.prometheus.write.v2.Request (2.0).</summary>
    public string ProtobufMessage { get; init; } = "prometheus.WriteRequest";

    /// <summary>Take another address of the host for each connection.</summary>
    public bool RoundRobinDns { get; init; }

    /// <summary>The key of a way to authenticate that is not built: sigv4, azuread or google_iam; null for none.</summary>
    public string? UnsupportedAuthentication { get; init; }

    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
    public RemoteQueueConfig Queue { get; init; } = new();
    public RemoteMetadataConfig Metadata { get; init; } = new();
}

/// <summary>Queue between the store and a remote server.</summary>
public sealed record RemoteQueueConfig
{
    /// <summary>Samples buffered per shard.</summary>
    public long Capacity { get; init; } = 10_000;

    public long MaxShards { get; init; } = 50;
    public long MinShards { get; init; } = 1;
    public long MaxSamplesPerSend { get; init; } = 2_000;
    public TimeSpan BatchSendDeadline { get; init; } = TimeSpan.FromSeconds(5);
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(30);
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);
    public bool RetryOnRateLimit { get; init; }

    /// <summary>Samples older than this are not sent; zero for no bound.</summary>
    public TimeSpan SampleAgeLimit { get; init; }
}

/// <summary>Whether and how often metric types and help texts are sent.</summary>
public sealed record RemoteMetadataConfig
{
    public bool Send { get; init; } = true;
    public TimeSpan SendInterval { get; init; } = TimeSpan.FromMinutes(1);
    public long MaxSamplesPerSend { get; init; } = 2_000;
}

/// <summary>A server that queries also read from.</summary>
public sealed record RemoteReadConfig
{
    public SourcePosition Position { get; init; }
    public string Url { get; init; } = "";
    public string Name { get; init; } = "";
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
    public bool ReadRecent { get; init; }
    public IReadOnlyDictionary<string, string> RequiredMatchers { get; init; } = new Dictionary<string, string>();
    public bool FilterExternalLabels { get; init; } = true;

    /// <summary>Most bytes of one frame of a streamed answer; 50 MiB unless set.</summary>
    public long ChunkedReadLimit { get; init; } = 50_000_000;

    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
}
