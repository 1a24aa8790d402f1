using Vigie.Configuration.Http;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus;

/// <summary>One way to find targets: an entry of a <c>*_sd_configs</c> list.</summary>
public abstract record DiscoveryConfig
{
    /// <summary>The part of the key before <c>_sd_configs</c>: static, file, http, dns, kubernetes, ...</summary>
    public abstract string Kind { get; }

    public SourcePosition Position { get; init; }
}

/// <summary>The targets of <c>static_configs</c>.</summary>
public sealed record StaticDiscoveryConfig : DiscoveryConfig
{
    public override string Kind => "static";
    public IReadOnlyList<TargetGroup> Groups { get; init; } = [];
}

/// <summary>Target groups in JSON or YAML files, read again when they change.</summary>
public sealed record FileDiscoveryConfig : DiscoveryConfig
{
    public override string Kind => "file";

    /// <summary>Paths; the last part may be a glob pattern.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Target groups as JSON from an HTTP server.</summary>
public sealed record HttpDiscoveryConfig : DiscoveryConfig
{
    public override string Kind => "http";
    public string Url { get; init; } = "";
    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromMinutes(1);
    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
}

/// <summary>Targets from DNS records.</summary>
public sealed record DnsDiscoveryConfig : DiscoveryConfig
{
    public override string Kind => "dns";
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>SRV, A, AAAA, MX or NS.</summary>
    public string RecordType { get; init; } = "SRV";

    /// <summary>Port of the targets; not used for SRV.</summary>
    public int Port { get; init; }

    public TimeSpan RefreshInterval { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// A discovery whose settings were checked against its schema and kept, without a type of its own: Kubernetes, Consul, EC2, ...
/// </summary>
public sealed record OtherDiscoveryConfig(string Name) : DiscoveryConfig
{
    public override string Kind => Name;

    /// <summary>The entry as written.</summary>
    public required Yaml.ConfigNode Node { get; init; }

    /// <summary>The HTTP client block of the entry, if the discovery has one.</summary>
    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
}

/// <summary>Targets with common labels.</summary>
/// <param name="Targets">host:port each.</param>
public sealed record TargetGroup(IReadOnlyList<string> Targets, Labels Labels, string Source = "");
