using Vigie.Alerting;
using Vigie.Instrumentation;

namespace Vigie.Server.Surfaces.Alertmanager;

/// <summary>What the Alertmanager surface stands on.</summary>
sealed record AlertmanagerServices
{
    public required AlertmanagerService Alertmanager { get; init; }
    public required TimeProvider Clock { get; init; }

    /// <summary>Reads the configuration again; throws <see cref="Configuration.ConfigException"/> if it is refused.</summary>
    public required Func<CancellationToken, Task> ReloadAsync { get; init; }

    /// <summary>The process' metrics at /metrics; null: no such page.</summary>
    public MetricsExporter? Metrics { get; init; }
}
