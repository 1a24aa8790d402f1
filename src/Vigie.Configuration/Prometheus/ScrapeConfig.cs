using Vigie.Configuration.Http;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus;

/// <summary>One scrape job, with the global defaults already put in.</summary>
public sealed record ScrapeConfig
{
    public required string JobName { get; init; }

    /// <summary>Where the job stands in its file.</summary>
    public SourcePosition Position { get; init; }

    public bool HonorLabels { get; init; }
    public bool HonorTimestamps { get; init; } = true;
    public bool TrackTimestampsStaleness { get; init; }

    /// <summary>Query parameters of the scrape URL.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Params { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public TimeSpan ScrapeInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>At most <see cref="ScrapeInterval"/>.</summary>
    public TimeSpan ScrapeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Formats to ask for, best first: OpenMetricsText1.0.0, OpenMetricsText0.0.1, PrometheusText1.0.0, PrometheusText0.0.4,
    /// PrometheusProto.
    /// </summary>
    public IReadOnlyList<string> ScrapeProtocols { get; init; } = ScrapeProtocolNames.Default;

    /// <summary>Format of a page without a usable Content-Type; "" means that such a page fails the scrape.</summary>
    public string FallbackScrapeProtocol { get; init; } = "";

    public string ScrapeFailureLogFile { get; init; } = "";
    public bool ScrapeNativeHistograms { get; init; }
    public bool AlwaysScrapeClassicHistograms { get; init; }
    public bool ConvertClassicHistograms { get; init; }
    public long NativeHistogramBucketsMax { get; init; }
    public double NativeHistogramMinBucketFactor { get; init; }
    public bool ExtraScrapeMetrics { get; init; }
    public string MetricsPath { get; init; } = "/metrics";

    /// <summary>http or https.</summary>
    public string Scheme { get; init; } = "http";

    /// <summary>Whether to offer gzip.</summary>
    public bool EnableCompression { get; init; } = true;

    public ScrapeLimits Limits { get; init; } = new();
    public NameValidation MetricNameValidation { get; init; }

    /// <summary>allow-utf-8, underscores, dots or values.</summary>
    public string MetricNameEscaping { get; init; } = "allow-utf-8";

    public HttpClientConfig Http { get; init; } = HttpClientConfig.Default;
    public IReadOnlyList<DiscoveryConfig> Discoveries { get; init; } = [];

    /// <summary>Applied to targets, before the scrape.</summary>
    public IReadOnlyList<RelabelRule> RelabelRules { get; init; } = [];

    /// <summary>Applied to each series of the page.</summary>
    public IReadOnlyList<RelabelRule> MetricRelabelRules { get; init; } = [];
}

/// <summary>Names of exposition formats as <c>scrape_protocols</c> writes them.</summary>
public static class ScrapeProtocolNames
{
    public const string PrometheusProto = "PrometheusProto";
    public const string PrometheusText004 = "PrometheusText0.0.4";
    public const string PrometheusText100 = "PrometheusText1.0.0";
    public const string OpenMetricsText001 = "OpenMetricsText0.0.1";
    public const string OpenMetricsText100 = "OpenMetricsText1.0.0";

    public static IReadOnlyList<string> Default { get; } = [OpenMetricsText100, OpenMetricsText001, PrometheusText100, PrometheusText004];

    /// <summary>In alphabetical order, as upstream lists them in messages.</summary>
    public static IReadOnlyList<string> All { get; } =
        [OpenMetricsText001, OpenMetricsText100, PrometheusProto, PrometheusText004, PrometheusText100];
}
