using Vigie.Model;

namespace Vigie.Configuration.Prometheus;

/// <summary>Defaults for all jobs and groups.</summary>
public sealed record GlobalConfig
{
    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>10 s, or <see cref="ScrapeInterval"/> if that is shorter.</summary>
    public TimeSpan ScrapeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Formats to ask targets for, best first; empty: the default of the job.</summary>
    public IReadOnlyList<string> ScrapeProtocols { get; init; } = [];

    public TimeSpan EvaluationInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far in the past rules are evaluated.</summary>
    public TimeSpan RuleQueryOffset { get; init; }

    /// <summary>Path of the query log, "" for none.</summary>
    public string QueryLogFile { get; init; } = "";

    public string ScrapeFailureLogFile { get; init; } = "";

    /// <summary>Labels added to everything that leaves this server; environment variables are already put in.</summary>
    public Labels ExternalLabels { get; init; } = Labels.Empty;

    public ScrapeLimits Limits { get; init; } = new();
    public NameValidation MetricNameValidation { get; init; }

    /// <summary>allow-utf-8, underscores, dots, values; "" for the default of the job.</summary>
    public string MetricNameEscaping { get; init; } = "";

    public bool ScrapeNativeHistograms { get; init; }
    public bool ConvertClassicHistograms { get; init; }
    public bool AlwaysScrapeClassicHistograms { get; init; }
    public bool ExtraScrapeMetrics { get; init; }
}

/// <summary>Bounds of one scrape; 0 means no bound.</summary>
public sealed record ScrapeLimits
{
    /// <summary>Uncompressed bytes of a page.</summary>
    public long BodyBytesMax { get; init; }

    /// <summary>Samples after metric relabelling.</summary>
    public long SamplesMax { get; init; }

    /// <summary>Targets of the job after relabelling.</summary>
    public long TargetsMax { get; init; }

    public long LabelsMax { get; init; }

    /// <summary>UTF-8 bytes.</summary>
    public long LabelNameLengthMax { get; init; }

    /// <summary>UTF-8 bytes.</summary>
    public long LabelValueLengthMax { get; init; }

    /// <summary>Dropped targets to remember for the targets page.</summary>
    public long DroppedTargetsKept { get; init; }
}
