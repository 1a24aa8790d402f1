namespace Vigie.Protocols.Exposition;

/// <summary>The formats in which a target may present its metrics.</summary>
public enum ExpositionFormat : byte
{
    /// <summary>Prometheus text 0.0.4 and 1.0.0 (https://prometheus.io/docs/instrumenting/exposition_formats/).</summary>
    Text,
    /// <summary>OpenMetrics text 0.0.1 and 1.0.0 (https://prometheus.io/docs/specs/om/open_metrics_spec/).</summary>
    OpenMetrics,
    /// <summary>Length-delimited io.prometheus.client.MetricFamily messages.</summary>
    Protobuf,
}

/// <summary>What one step of a reader found.</summary>
public enum ExpositionEntry : byte { End, Sample, Histogram, Help, Type, Unit, Comment }
