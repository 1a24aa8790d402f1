namespace Vigie.Protocols.Otlp;

/// <summary>
/// How OTLP metrics become samples: the <c>otlp:</c> section of prometheus.yml (Prometheus 3, docs/configuration/configuration.md) and the
/// features of the command line that concern it. Immutable; a series cache belongs to one of these.
/// </summary>
public sealed record OtlpSettings
{
    /// <summary>Units and types become suffixes of metric names (<c>_seconds</c>, <c>_total</c>).</summary>
    public bool AddSuffixes { get; init; } = true;

    /// <summary>Characters outside <c>[a-zA-Z0-9:_]</c> become underscores.</summary>
    public bool EscapeNames { get; init; } = true;

    /// <summary>All resource attributes become labels, except <see cref="ResourceAttributes"/>; false: only those named there.</summary>
    public bool PromoteAllResourceAttributes { get; init; }

    public IReadOnlySet<string> ResourceAttributes { get; init; } = new HashSet<string>();

    /// <summary>target_info also has service.name, service.namespace and service.instance.id.</summary>
    public bool KeepIdentifyingResourceAttributes { get; init; }

    /// <summary>Histograms with explicit bounds become native histograms with custom buckets.</summary>
    public bool ConvertHistogramsToNhcb { get; init; }

    /// <summary>Name, version, schema and attributes of the scope become labels <c>otel_scope_*</c>.</summary>
    public bool PromoteScopeMetadata { get; init; }

    /// <summary>A label name that starts with one underscore gets the prefix <c>key</c>.</summary>
    public bool LabelNameUnderscoreSanitization { get; init; } = true;

    /// <summary>False: runs of underscores in label names become one.</summary>
    public bool LabelNamePreserveMultipleUnderscores { get; init; } = true;

    /// <summary>What to do with delta temporality.</summary>
    public DeltaHandling Deltas { get; init; }

    /// <summary>Each series gets <c>__type__</c> and <c>__unit__</c> (feature type-and-unit-labels).</summary>
    public bool TypeAndUnitLabels { get; init; }

    /// <summary>A sample 0 at the start time of a counter (feature created-timestamp-zero-ingestion).</summary>
    public bool ZeroAtStart { get; init; }

    /// <summary>Look-back of queries, milliseconds: target_info is written at least twice in it. Positive.</summary>
    public long LookbackMs { get; init; } = 5 * 60_000;

    /// <exception cref="ArgumentException">No such strategy.</exception>
    public OtlpSettings WithStrategy(string strategy) => strategy switch
    {
        "UnderscoreEscapingWithSuffixes" => this with { EscapeNames = true, AddSuffixes = true },
        "UnderscoreEscapingWithoutSuffixes" => this with { EscapeNames = true, AddSuffixes = false },
        "NoUTF8EscapingWithSuffixes" => this with { EscapeNames = false, AddSuffixes = true },
        "NoTranslation" => this with { EscapeNames = false, AddSuffixes = false },
        _ => throw new ArgumentException($"found translation strategy {strategy}", nameof(strategy)),
    };
}

/// <summary>What becomes of sums and histograms that count from point to point.</summary>
public enum DeltaHandling
{
    /// <summary>They are refused.</summary>
    Refuse,
    /// <summary>They are stored as they come, with type unknown (feature otlp-native-delta-ingestion).</summary>
    Store,
    /// <summary>They are added up (feature otlp-deltatocumulative).</summary>
    AddUp,
}
