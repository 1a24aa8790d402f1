namespace Vigie.Configuration.AlertPolicy;

/// <summary>metrics-config.yaml: a ConfigMap that lists the metrics a platform promises to have, by group (system_metrics, ...).</summary>
public sealed record MetricsCatalogueConfig(string Name, IReadOnlyDictionary<string, IReadOnlyList<string>> Groups);
