namespace Vigie.Configuration.Prometheus;

/// <summary>
/// prometheus.yml, with defaults filled in (Prometheus 3, docs/configuration/configuration.md). Immutable; paths are already joined with
/// the
/// folder of the file.
/// </summary>
public sealed record PrometheusConfig
{
    public GlobalConfig Global { get; init; } = new();
    public RuntimeConfig Runtime { get; init; } = new();

    /// <summary>Paths and glob patterns of rule files. A pattern that matches nothing is not an error.</summary>
    public IReadOnlyList<string> RuleFiles { get; init; } = [];

    public IReadOnlyList<string> ScrapeConfigFiles { get; init; } = [];

    /// <summary>All jobs: those of the file and those of <see cref="ScrapeConfigFiles"/>.</summary>
    public IReadOnlyList<ScrapeConfig> ScrapeConfigs { get; init; } = [];

    public AlertingConfig Alerting { get; init; } = new();
    public IReadOnlyList<RemoteWriteConfig> RemoteWrite { get; init; } = [];
    public IReadOnlyList<RemoteReadConfig> RemoteRead { get; init; } = [];
    public OtlpConfig Otlp { get; init; } = new();
    public StorageConfig Storage { get; init; } = new();
    public TracingConfig? Tracing { get; init; }

    /// <summary>
    /// Command line flags found in a <c>command:</c> list inside the file. Prometheus refuses such a file; its retention is honoured here
    /// and the
    /// key warned about.
    /// </summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The configuration as YAML with defaults and without secrets: what /api/v1/status/config answers.</summary>
    public string EffectiveYaml { get; init; } = "";
}

/// <summary>Settings for the Go runtime of upstream; kept so that files work, without effect here.</summary>
public sealed record RuntimeConfig
{
    public long GoGc { get; init; } = 75;
}

/// <summary>How metric and label names are checked.</summary>
public enum NameValidation
{
    /// <summary>Any UTF-8 text.</summary>
    Utf8,
    /// <summary>ASCII letters, digits, underscores (and colons in metric names).</summary>
    Legacy,
}
