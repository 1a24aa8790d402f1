using Vigie.Model;

namespace Vigie.Configuration.Vigie;

/// <summary>vigie.yml: what this program does beyond the files of others. Everything is optional; null means: as the flags or defaults
/// say.</summary>
public sealed record VigieConfig
{
    public ListenConfig Listen { get; init; } = new();
    public string? StoragePath { get; init; }
    public TimeSpan? RetentionTime { get; init; }
    public long? RetentionSizeBytes { get; init; }

    /// <summary>Series kept shorter or longer than the rest; the first that matches a series counts.</summary>
    public IReadOnlyList<RetentionRuleConfig> RetentionRules { get; init; } = [];

    /// <summary>Aggregates kept longer than samples, by resolution, the finest first.</summary>
    public IReadOnlyList<DownsamplingConfig> Downsampling { get; init; } = [];

    /// <summary>How many series are taken.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>Whether the web UI asks for a sign-in; null for the default (on).</summary>
    public bool? WebAuth { get; init; }

    /// <summary>The address people reach this server at; used in links.</summary>
    public string? ExternalUrl { get; init; }
}

/// <summary>How long the samples of some series are kept.</summary>
public sealed record RetentionRuleConfig(IReadOnlyList<LabelMatcher> Matchers, TimeSpan Time);

/// <summary>Aggregates over windows of <paramref name="Resolution"/>, made of samples older than <paramref name="After"/>.</summary>
/// <param name="Keep">Null: for ever.</param>
/// <param name="Matchers">None: all series.</param>
public sealed record DownsamplingConfig(TimeSpan Resolution, TimeSpan After, TimeSpan? Keep, IReadOnlyList<LabelMatcher> Matchers);

/// <summary>Limits on the number of series. Null: the default; 0: no limit.</summary>
public sealed record LimitsConfig
{
    public long? Series { get; init; }
    public long? SeriesPerJob { get; init; }
    public long? SeriesPerMetric { get; init; }
    public long? ValuesPerLabel { get; init; }

    /// <summary>Jobs, metrics and labels with a limit of their own.</summary>
    public IReadOnlyList<LimitExceptionConfig> Exceptions { get; init; } = [];
}

/// <param name="Kind">job, metric or label.</param>
/// <param name="Max">Series of the job or metric, or values of the label; 0 for no limit.</param>
public sealed record LimitExceptionConfig(string Kind, string Name, long Max);

/// <summary>Where each surface listens: <c>host:port</c>, <c>:port</c>, or "off". Null: the customary port.</summary>
public sealed record ListenConfig
{
    /// <summary>Value of a surface that is switched off.</summary>
    public const string Off = "off";

    /// <summary>Customary port 9090.</summary>
    public string? Prometheus { get; init; }

    /// <summary>Customary port 9093.</summary>
    public string? Alertmanager { get; init; }

    /// <summary>Customary port 3000.</summary>
    public string? Web { get; init; }

    /// <summary>Customary port 9100.</summary>
    public string? Node { get; init; }

    /// <summary>OTLP over HTTP, customary port 4318.</summary>
    public string? Otlp { get; init; }
}
