using Microsoft.Extensions.Logging;

namespace Vigie.Server.Hosting;

/// <summary>What `vigie serve` was asked to do. Defaults are those of Prometheus and Alertmanager.</summary>
public sealed record ServeOptions
{
    /// <summary>Path of prometheus.yml; null: found in <see cref="Folder"/>.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Configuration folder whose files are found by their customary places; null: only the files named by flags.</summary>
    public string? Folder { get; init; }

    public string? AlertmanagerConfigFile { get; init; }
    public string? VigieConfigFile { get; init; }

    /// <summary>Folders of dashboard JSON, besides those found in <see cref="Folder"/>.</summary>
    public IReadOnlyList<string> DashboardFolders { get; init; } = [];

    /// <summary>Folder of all state; null: not set by flag, vigie.yml or <see cref="StoragePathDefault"/> decides.</summary>
    public string? StoragePath { get; init; }

    public const string StoragePathDefault = "data/";

    /// <summary>How long samples are kept, milliseconds; null: not set by flag. Default 15 days.</summary>
    public long? RetentionTimeMs { get; init; }

    /// <summary>What the log should say of the command line.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>How often changed files are looked for, with the feature auto-reload-config. Prometheus: config.auto-reload-interval.</summary>
    public long AutoReloadIntervalMs { get; init; } = 30_000;

    /// <summary>Scrapes that late are stored at the time of their turn; 0: none. Prometheus: scrape.timestamp-tolerance.</summary>
    public long TimestampToleranceMs { get; init; } = 2;

    /// <summary>Age at which samples in memory are written to a block, milliseconds.</summary>
    public long HeadSpanMaxMs { get; init; } = 2 * 3600 * 1000;

    /// <summary>Longest span of time that blocks are compacted to, milliseconds.</summary>
    public long BlockSpanMaxMs { get; init; } = 48 * 3600 * 1000;

    /// <summary>Most bytes of blocks kept; null: no limit.</summary>
    public long? RetentionBytesMax { get; init; }

    /// <summary>Where surfaces listen when a flag says so; an address list, or one entry "off".</summary>
    public IReadOnlyDictionary<Surface, IReadOnlyList<string>> ListenAddresses { get; init; } = new Dictionary<Surface, IReadOnlyList<string>>();

    /// <summary>Paths of web configurations: TLS, users, headers.</summary>
    public IReadOnlyDictionary<Surface, string> WebConfigFiles { get; init; } = new Dictionary<Surface, string>();

    /// <summary>Most connections that each surface serves at a time.</summary>
    public int ConnectionsMax { get; init; } = 512;

    /// <summary>Longest wait for a request of a connection, and for the whole body of a request.</summary>
    public long ReadTimeoutMs { get; init; } = 5 * 60_000;

    public string? ExternalUrl { get; init; }
    public string? RoutePrefix { get; init; }

    /// <summary>null: reload over HTTP only from loopback; true: from anywhere; false: from nowhere.</summary>
    public bool? EnableLifecycle { get; init; }

    public bool EnableAdminApi { get; init; }
    public bool EnableRemoteWriteReceiver { get; init; }

    /// <summary>Protobuf messages of remote write 1.0 and 2.0.</summary>
    public const string WriteMessageV1 = "prometheus.WriteRequest", WriteMessageV2 = "io.prometheus.write.v2.Request";

    /// <summary>Which of the two the receiver takes.</summary>
    public IReadOnlyList<string> WriteMessages { get; init; } = [WriteMessageV1, WriteMessageV2];


    /// <summary>OTLP metrics on the Prometheus surface; the OTLP surface has them anyway.</summary>
    public bool EnableOtlpReceiver { get; init; }

    /// <summary>How long a stopping server goes on sending by remote write.</summary>
    public long RemoteFlushDeadlineMs { get; init; } = 60_000;

    /// <summary>Most bytes of the log that wait on disk for receivers of remote write.</summary>
    public long RemoteWriteLogBytesMax { get; init; } = 8L << 30;

    /// <summary>Most samples an answer to a remote read query of type SAMPLES holds; 0 for no limit.</summary>
    public int RemoteReadSamplesMax { get; init; } = 50_000_000;

    /// <summary>Remote read queries at a time; 0 for no limit.</summary>
    public int RemoteReadConcurrencyMax { get; init; } = 10;

    /// <summary>Greatest size of one frame of a streamed remote read answer.</summary>
    public int RemoteReadFrameBytesMax { get; init; } = 1 << 20;

    /// <summary>Regular expression of allowed CORS origins. Default: all, as in Prometheus.</summary>
    public string CorsOrigin { get; init; } = ".*";

    /// <summary>False: the web UI asks nobody to sign in.</summary>
    public bool WebAuth { get; init; } = true;

    public long LookbackDeltaMs { get; init; } = 5 * 60_000;
    public long QueryTimeoutMs { get; init; } = 2 * 60_000;
    public int QueryConcurrencyMax { get; init; } = 20;
    public int QuerySamplesMax { get; init; } = 50_000_000;

    /// <summary>Most bytes a query may hold; null for a quarter of the memory there is.</summary>
    public long? QueryMemoryBytesMax { get; init; }
    public long AlertForOutageToleranceMs { get; init; } = 60 * 60_000;
    public long AlertForGracePeriodMs { get; init; } = 10 * 60_000;
    public long AlertResendDelayMs { get; init; } = 60_000;
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>Null, or why these features cannot be enabled together.</summary>
    public static string? ProblemOf(IReadOnlyList<string> features) => global::Vigie.Server.Surfaces.Otlp.OtlpIngest.ProblemOf(features);

    public LogLevel LogLevel { get; init; } = LogLevel.Information;
    public bool LogAsJson { get; init; }

    /// <summary>All flags as text, for /api/v1/status/flags.</summary>
    public IReadOnlyDictionary<string, string> Flags { get; init; } = new Dictionary<string, string>();
}

/// <summary>The HTTP surfaces of the process, each on its customary port.</summary>
public enum Surface
{
    Prometheus,
    Alertmanager,
    Web,
    Node,
    Otlp,
}

/// <summary>Name, flags and customary address of each surface, in one place.</summary>
public static class Surfaces
{
    public static IReadOnlyList<(Surface Surface, string Name, string Flag, string DefaultAddress, string ConfigFlag)> All { get; } =
    [
        (Surface.Prometheus, "prometheus", "--web.listen-address", "0.0.0.0:9090", "--web.config.file"),
        (Surface.Alertmanager, "alertmanager", "--alertmanager.web.listen-address", "0.0.0.0:9093", "--alertmanager.web.config.file"),
        (Surface.Web, "web", "--ui.web.listen-address", "0.0.0.0:3000", "--ui.web.config.file"),
        (Surface.Node, "node", "--node.web.listen-address", "0.0.0.0:9100", "--node.web.config.file"),
        (Surface.Otlp, "otlp", "--otlp.http.listen-address", "0.0.0.0:4318", "--otlp.http.config.file"),
    ];

    public static (Surface Surface, string Name, string Flag, string DefaultAddress, string ConfigFlag) Of(Surface surface) =>
        All.First(entry => entry.Surface == surface);

    /// <summary>What metrics call the listeners of a surface; Prometheus calls its own "http".</summary>
    public static string ListenerNameOf(Surface surface) => surface == Surface.Prometheus ? "http" : Of(surface).Name;
}
