using Vigie.Configuration.Http;

namespace Vigie.Configuration.Alertmanager;

/// <summary>
/// alertmanager.yml, with defaults and global settings already put into each receiver (Alertmanager, docs/configuration.md). Immutable.
/// </summary>
public sealed record AlertmanagerConfig
{
    public AlertmanagerGlobalConfig Global { get; init; } = new();

    /// <summary>The root of the routing tree; it matches every alert.</summary>
    public required RouteConfig Route { get; init; }

    public IReadOnlyList<InhibitRuleConfig> InhibitRules { get; init; } = [];
    public IReadOnlyList<ReceiverConfig> Receivers { get; init; } = [];

    /// <summary>Paths and glob patterns of template files, joined with the folder of the file.</summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>Those of <c>time_intervals</c> and of the older <c>mute_time_intervals</c>, by name.</summary>
    public IReadOnlyDictionary<string, TimeIntervalConfig> TimeIntervals { get; init; } = new Dictionary<string, TimeIntervalConfig>();

    /// <summary>The configuration as YAML with defaults and without secrets: what /api/v2/status answers.</summary>
    public string EffectiveYaml { get; init; } = "";

    public ReceiverConfig? Receiver(string name) => Receivers.FirstOrDefault(r => r.Name == name);
}

/// <summary>Settings of the whole file that have no other home; receivers hold their own copies of the rest.</summary>
public sealed record AlertmanagerGlobalConfig
{
    /// <summary>When an alert without an end resolves after it was last sent.</summary>
    public TimeSpan ResolveTimeout { get; init; } = TimeSpan.FromMinutes(5);

    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
}
