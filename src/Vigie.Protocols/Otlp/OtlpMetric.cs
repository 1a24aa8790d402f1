namespace Vigie.Protocols.Otlp;

/// <summary>One metric of a request with what surrounds it, as slices of the message.</summary>
readonly ref struct OtlpMetric
{
    public ReadOnlySpan<byte> Resource { get; init; }
    public ReadOnlySpan<byte> Scope { get; init; }
    public ReadOnlySpan<byte> ScopeSchemaUrl { get; init; }
    public ReadOnlySpan<byte> Name { get; init; }
    public ReadOnlySpan<byte> Description { get; init; }
    public ReadOnlySpan<byte> Unit { get; init; }

    /// <summary>The message of the kind: Gauge, Sum, Histogram, ...</summary>
    public ReadOnlySpan<byte> Points { get; init; }

    public OtlpKind Kind { get; init; }
    public OtlpTemporality Temporality { get; init; }

    /// <summary>Equal for metrics whose points with equal attributes are the same series.</summary>
    public ulong Context { get; init; }
}

/// <summary>AggregationTemporality of opentelemetry/proto/metrics/v1/metrics.proto.</summary>
enum OtlpTemporality { Unspecified = 0, Delta = 1, Cumulative = 2 }

/// <summary>Which of the series that a data point becomes.</summary>
enum SeriesPart : byte { Plain, Sum, Count, Bucket, Quantile }
