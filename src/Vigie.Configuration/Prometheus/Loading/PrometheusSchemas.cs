using Vigie.Configuration.Http;
using Vigie.Configuration.Relabelling;
using Vigie.Configuration.Schema;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>The keys of prometheus.yml (Prometheus 3, docs/configuration/configuration.md) in the order upstream prints them.</summary>
static class PrometheusSchemas
{
    static readonly IReadOnlyList<Field> s_limits =
    [
        Size("body_size_limit"), Count("sample_limit"), Count("target_limit"), Count("label_limit"), Count("label_name_length_limit"),
        Count("label_value_length_limit"),
    ];

    /// <summary>Limits that a job takes over from the global section when it has none of its own.</summary>
    public static IReadOnlyList<string> InheritedLimits { get; } = [.. s_limits.Select(static f => f.Key), "keep_dropped_targets"];

    public static SectionSchema Global { get; } = new("global",
    [
        Duration("scrape_interval"), Duration("scrape_timeout"), Texts("scrape_protocols"), Duration("evaluation_interval"),
        Duration("rule_query_offset"), PathTo("query_log_file"), PathTo("scrape_failure_log_file"), Map("external_labels"), .. s_limits,
        Count("keep_dropped_targets"), Text("metric_name_validation_scheme"), Text("metric_name_escaping_scheme"),
        OptionalBool("scrape_native_histograms").Always(), Bool("convert_classic_histograms_to_nhcb"),
        Bool("always_scrape_classic_histograms"), OptionalBool("extra_scrape_metrics").Always(),
    ]);

    public static SectionSchema Scrape { get; } = new("scrape_config",
    [
        Text("job_name"), Bool("honor_labels"), Bool("honor_timestamps").Or(true).Always(), Bool("track_timestamps_staleness").Always(),
        ListMap("params"), Duration("scrape_interval"), Duration("scrape_timeout"), Texts("scrape_protocols"),
        Text("fallback_scrape_protocol"),
        OptionalBool("scrape_native_histograms"), OptionalBool("always_scrape_classic_histograms"),
        OptionalBool("convert_classic_histograms_to_nhcb"), PathTo("scrape_failure_log_file"), Text("metrics_path").Or("/metrics"),
        OneOf("scheme", "http", "https").Or("http"), Bool("enable_compression").Or(true).Always(), .. s_limits,
        Count("native_histogram_bucket_limit"), Number("native_histogram_min_bucket_factor"), Count("keep_dropped_targets"),
        Text("metric_name_validation_scheme"), Text("metric_name_escaping_scheme"), OptionalBool("extra_scrape_metrics"),
        .. HttpClientSchema.Fields,
        RelabelSchema.Rules("relabel_configs", "empty or null target relabeling rule in scrape config"),
        RelabelSchema.Rules("metric_relabel_configs", "empty or null metric relabeling rule in scrape config"),
        .. DiscoverySchemas.Fields,
    ], HttpClientSchema.Check);

    static SectionSchema Alertmanager { get; } = new("alertmanager_config",
    [
        .. HttpClientSchema.Fields, OneOf("scheme", "http", "https").Or("http"), Text("path_prefix"),
        Duration("timeout").Or(TimeSpan.FromSeconds(10)), Text("api_version").Or("v2"),
        RelabelSchema.Rules("relabel_configs", "empty or null Alertmanager target relabeling rule"),
        RelabelSchema.Rules("alert_relabel_configs", "empty or null Alertmanager alert relabeling rule"),
        .. DiscoverySchemas.Fields,
    ],
    static (s, reader) =>
    {
        HttpClientSchema.Check(s, reader);
        if (s.Text("api_version") != "v2")
            reader.Error(s, "api_version", $"expected Alertmanager api version to be one of [v2] but got {s.Text("api_version")}");
    });

    static SectionSchema Alerting { get; } = new("alerting",
    [
        RelabelSchema.Rules("alert_relabel_configs", "empty or null alert relabeling rule"),
        Subs("alertmanagers", Alertmanager, "empty or null alertmanager config section"),
    ]);

    static SectionSchema Queue { get; } = new("queue_config",
    [
        Int("capacity").Or(10_000L), Int("max_shards").Or(50L), Int("min_shards").Or(1L), Int("max_samples_per_send").Or(2_000L),
        Duration("batch_send_deadline").Or(TimeSpan.FromSeconds(5)), Duration("min_backoff").Or(TimeSpan.FromMilliseconds(30)),
        Duration("max_backoff").Or(TimeSpan.FromSeconds(5)), Bool("retry_on_http_429"), Duration("sample_age_limit"),
    ], RemoteChecks.Queue);

    static SectionSchema Metadata { get; } = new("metadata_config",
    [
        Bool("send").Or(true).Always(), Duration("send_interval").Or(TimeSpan.FromMinutes(1)).Always(),
        Int("max_samples_per_send").Or(2_000L),
    ]);

    static SectionSchema Sigv4 { get; } = new("sigv4",
    [
        Text("region"), Text("access_key"), SecretText("secret_key"), Text("profile"), Text("role_arn"), Text("external_id"),
        Bool("use_fips_sts_endpoint"), Text("service_name"),
    ]);

    static SectionSchema RemoteWrite { get; } = new("remote_write",
    [
        Text("url"), Duration("remote_timeout").Or(TimeSpan.FromSeconds(30)), Map("headers"),
        RelabelSchema.Rules("write_relabel_configs", "empty or null relabeling rule in remote write config"), Text("name"),
        Bool("send_exemplars"), Bool("send_native_histograms"), Bool("round_robin_dns"),
        Text("protobuf_message").Or("prometheus.WriteRequest"), .. HttpClientSchema.Fields.Select(Http1), Sub("queue_config", Queue),
        Sub("metadata_config", Metadata), OptionalSub("sigv4", Sigv4), Any("azuread"), Any("google_iam"),
    ], RemoteChecks.Write);

    static SectionSchema RemoteRead { get; } = new("remote_read",
    [
        Text("url"), Duration("remote_timeout").Or(TimeSpan.FromMinutes(1)), Map("headers"), Bool("read_recent").Always(), Text("name"),
        Int("chunked_read_limit"), .. HttpClientSchema.Fields, Map("required_matchers"), Bool("filter_external_labels").Or(true),
    ], RemoteChecks.Read);

    static Field Http1(Field field) => field.Key == "enable_http2" ? field with { Default = false } : field;

    static SectionSchema Otlp { get; } = new("otlp",
    [
        Bool("promote_all_resource_attributes"), Texts("promote_resource_attributes"), Texts("ignore_resource_attributes"),
        Text("translation_strategy").Or("UnderscoreEscapingWithSuffixes"), Bool("keep_identifying_resource_attributes"),
        Bool("convert_histograms_to_nhcb"), Bool("promote_scope_metadata"), Bool("label_name_underscore_sanitization").Or(true),
        Bool("label_name_preserve_multiple_underscores").Or(true),
    ], OtlpChecks.Check);

    static SectionSchema Retention { get; } = new("retention", [Duration("time"), Size("size"), Number("percentage")]);

    static SectionSchema Tsdb { get; } = new("tsdb",
    [
        Duration("out_of_order_time_window"), Int("outofordertimewindow").Always(), Number("stale_series_compaction_threshold"),
        OptionalSub("chunk_encoding", new SectionSchema("chunk_encoding", [Text("floats")])), Sub("retention", Retention).Always(),
    ],
    static (s, reader) =>
    {
        s.Set("outofordertimewindow", (long)s.Duration("out_of_order_time_window").TotalMilliseconds);
        var retention = s.Sub("retention")!;
        if ((long)retention["size"]! < 0)
            reader.Error(retention, "size", "'storage.tsdb.retention.size' must be greater than or equal to 0");
        if ((double)retention["percentage"]! is < 0 or > 100)
            reader.Error(retention, "percentage", "'storage.tsdb.retention.percentage' must be in the range [0, 100]");
        if (s.Sub("chunk_encoding") is { } encoding && encoding.Text("floats") is not ("" or "xor" or "xor2"))
            reader.Error(encoding, "floats",
                "'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field must be omitted entirely, "
                + $"got {Model.GoText.Quote(encoding.Text("floats"))}");
    });

    static SectionSchema Storage { get; } = new("storage",
    [
        Sub("tsdb", Tsdb).Always(), OptionalSub("exemplars", new SectionSchema("exemplars", [Int("max_exemplars")])),
    ]);

    /// <summary>Also a section of alertmanager.yml.</summary>
    public static SectionSchema Tracing { get; } = new("tracing",
    [
        OneOf("client_type", "grpc", "http").Or("grpc"), Text("endpoint"), Number("sampling_fraction"), Bool("insecure"),
        Sub("tls_config", HttpClientSchema.Tls), Map("headers"), Text("compression"), Duration("timeout"),
        Map("resource_attributes"),
    ], RemoteChecks.Tracing);

    public static SectionSchema Top { get; } = new("prometheus.yml",
    [
        Sub("global", Global), Sub("runtime", new SectionSchema("runtime", [Int("gogc").Or(75L)])), Sub("alerting", Alerting),
        Paths("rule_files"),
        Paths("scrape_config_files"), Subs("scrape_configs", Scrape, "empty or null scrape config section"),
        Sub("storage", Storage).Always(),
        OptionalSub("tracing", Tracing), Subs("remote_write", RemoteWrite, "empty or null remote write config section"),
        Subs("remote_read", RemoteRead, "empty or null remote read config section"), OptionalSub("otlp", Otlp), Any("command").Hidden(),
    ]);

    /// <summary>A file named by scrape_config_files.</summary>
    public static SectionSchema ScrapeConfigFile { get; } = new("scrape_config_file",
        [Subs("scrape_configs", Scrape, "empty or null scrape config section")]);

    public static SectionSchema OtlpDefault => Otlp;
}
