using Vigie.Configuration.Http;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus;

/// <summary>Where alerts go besides the embedded Alertmanager.</summary>
public sealed record AlertingConfig
{
    /// <summary>Applied to the labels of every alert before it leaves.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];

    public IReadOnlyList<ExternalAlertmanagerConfig> Alertmanagers { get; init; } = [];
}

/// <summary>A set of Alertmanager instances.</summary>
public sealed record ExternalAlertmanagerConfig
{
    public SourcePosition Position { get; init; }
    public string Scheme { get; init; } = "http";
    public string PathPrefix { get; init; } = "";
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Always v2.</summary>
    public string ApiVersion { get; init; } = "v2";

    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
    public IReadOnlyList<DiscoveryConfig> Discoveries { get; init; } = [];

    /// <summary>Applied to the instances found.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Applied to alerts sent to these instances.</summary>
    public IReadOnlyList<RelabelRule> AlertRelabelRules { get; init; } = [];
}
