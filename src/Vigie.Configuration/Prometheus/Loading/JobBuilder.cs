using Vigie.Configuration.Http;
using Vigie.Configuration.Relabelling;
using Vigie.Configuration.Schema;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>Makes one scrape job: fills in what it inherits from the global section, and checks it.</summary>
sealed class JobBuilder(Section global, Section s, SectionReader reader)
{
    public ScrapeConfig Build()
    {
        Inherit();
        JobChecks.CheckSchemes(s, reader);
        JobChecks.CheckProtocols(s, reader, $"for scrape config with job name {GoText.Quote(s.Text("job_name"))}");
        JobChecks.CheckFallback(s, reader);
        if (s.Text("metric_name_validation_scheme") == "legacy" && s.Text("metric_name_escaping_scheme") == "allow-utf-8")
            reader.Error(s, "metric_name_escaping_scheme", "utf8 metric names requested but validation scheme is not set to UTF8");
        bool legacyNames = s.Text("metric_name_validation_scheme") == "legacy";
        return new ScrapeConfig
        {
            JobName = s.Text("job_name"),
            Position = s.Node.Position,
            HonorLabels = s.Bool("honor_labels"),
            HonorTimestamps = s.Bool("honor_timestamps"),
            TrackTimestampsStaleness = s.Bool("track_timestamps_staleness"),
            Params = (IReadOnlyDictionary<string, IReadOnlyList<string>>?)s["params"] ?? new Dictionary<string, IReadOnlyList<string>>(),
            ScrapeInterval = s.Duration("scrape_interval"),
            ScrapeTimeout = s.Duration("scrape_timeout"),
            ScrapeProtocols = s.Texts("scrape_protocols"),
            FallbackScrapeProtocol = s.Text("fallback_scrape_protocol"),
            ScrapeFailureLogFile = s.Text("scrape_failure_log_file"),
            ScrapeNativeHistograms = s.Bool("scrape_native_histograms"),
            AlwaysScrapeClassicHistograms = s.Bool("always_scrape_classic_histograms"),
            ConvertClassicHistograms = s.Bool("convert_classic_histograms_to_nhcb"),
            NativeHistogramBucketsMax = s.Int("native_histogram_bucket_limit"),
            NativeHistogramMinBucketFactor = s.Get<double>("native_histogram_min_bucket_factor"),
            ExtraScrapeMetrics = s.Bool("extra_scrape_metrics"),
            MetricsPath = s.Text("metrics_path"),
            Scheme = s.Text("scheme"),
            EnableCompression = s.Bool("enable_compression"),
            Limits = PrometheusConfigBuilder.BuildLimits(s),
            MetricNameValidation = legacyNames ? NameValidation.Legacy : NameValidation.Utf8,
            MetricNameEscaping = s.Text("metric_name_escaping_scheme"),
            Http = HttpClientSchema.Build(s),
            Discoveries = DiscoveryBuilder.Build(s, reader, checkAddresses: s.Subs("relabel_configs").Count == 0),
            RelabelRules = RelabelSchema.Build(s.Subs("relabel_configs"), reader, legacyNames),
            MetricRelabelRules = RelabelSchema.Build(s.Subs("metric_relabel_configs"), reader, legacyNames),
        };
    }

    void Inherit()
    {
        if (s.IsZero("scrape_interval")) s.Set("scrape_interval", global["scrape_interval"]);
        var interval = s.Duration("scrape_interval");
        if (s.IsZero("scrape_timeout"))
            s.Set("scrape_timeout", PrometheusConfigBuilder.Min(global.Duration("scrape_timeout"), interval));
        else if (s.Duration("scrape_timeout") > interval)
            reader.Error(s, "scrape_timeout",
                $"scrape timeout greater than scrape interval for scrape config with job name {GoText.Quote(s.Text("job_name"))}");
        foreach (string limit in PrometheusSchemas.InheritedLimits)
            if (s.IsZero(limit)) s.Set(limit, global[limit]);
        if (s.IsZero("scrape_failure_log_file")) s.Set("scrape_failure_log_file", global["scrape_failure_log_file"]);
        foreach (string flag in (ReadOnlySpan<string>)
            ["scrape_native_histograms", "always_scrape_classic_histograms", "convert_classic_histograms_to_nhcb", "extra_scrape_metrics"])
            if (s[flag] is null) s.Set(flag, global.Bool(flag));
        InheritNaming();
        if (s["scrape_protocols"] is not null) return;
        if (!global.IsZero("scrape_protocols")) s.Set("scrape_protocols", global["scrape_protocols"]);
        else if (s.Bool("scrape_native_histograms"))
            s.Set("scrape_protocols", (string[])[ScrapeProtocolNames.PrometheusProto, .. ScrapeProtocolNames.Default]);
        else s.Set("scrape_protocols", ScrapeProtocolNames.Default);
    }

    void InheritNaming()
    {
        if (s.IsZero("metric_name_validation_scheme")) s.Set("metric_name_validation_scheme", global["metric_name_validation_scheme"]);
        if (!s.IsZero("metric_name_escaping_scheme")) return;
        bool legacyNames = s.Text("metric_name_validation_scheme") == "legacy";
        string inherited = global.Text("metric_name_escaping_scheme");
        bool isUsable = inherited.Length > 0 && !(legacyNames && inherited == "allow-utf-8");
        s.Set("metric_name_escaping_scheme", isUsable ? inherited : legacyNames ? "underscores" : "allow-utf-8");
    }
}
