namespace Vigie.Instrumentation;

/// <summary>The formats a metrics page can have.</summary>
public enum ExpositionFormat
{
    /// <summary>Prometheus text format 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0 text format.</summary>
    OpenMetrics,
}
