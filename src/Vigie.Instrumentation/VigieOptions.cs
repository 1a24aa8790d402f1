using Microsoft.AspNetCore.Http;

namespace Vigie.Instrumentation;

/// <summary>What <see cref="VigieApplication.AddVigie"/> sets up.</summary>
public sealed class VigieOptions
{
    /// <summary>What is exported, histogram buckets, bounds.</summary>
    public MetricsExporterOptions Metrics { get; } = new();

    /// <summary>What <c>/ready</c> checks.</summary>
    public HealthOptions Health { get; } = new();

    /// <summary>Where the metrics page is. Default "/metrics".</summary>
    public PathString MetricsPath { get; set; } = "/metrics";

    /// <summary>Where the liveness probe is. Default "/live".</summary>
    public PathString LivePath { get; set; } = "/live";

    /// <summary>Where the readiness probe is. Default "/ready".</summary>
    public PathString ReadyPath { get; set; } = "/ready";

    /// <summary>Whether the metrics page is gzipped for clients that accept it. Default true.</summary>
    public bool CompressPages { get; set; } = true;

    /// <summary>Whether runtime metrics are exported under Go's names too (<c>go_goroutines</c>, ...). Default false.</summary>
    public bool GoRuntimeNames { get; set; }
}
