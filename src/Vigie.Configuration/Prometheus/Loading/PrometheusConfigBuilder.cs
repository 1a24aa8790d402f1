using Vigie.Configuration.Http;
using Vigie.Configuration.Relabelling;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus.Loading;

/// <summary>Fills in what sections inherit, checks what spans them, and makes the records. One use.</summary>
sealed class PrometheusConfigBuilder(Section top, SectionReader reader, IConfigFiles files, PrometheusLoadOptions options)
{
    readonly Section _global = top.Sub("global")!;

    bool LegacyNames => _global.Text("metric_name_validation_scheme") == "legacy";

    public PrometheusConfig Build()
    {
        if (options.IsAgent) RefuseForAgent();
        var global = BuildGlobal();
        CheckPatterns("rule_files", "invalid rule file path");
        CheckPatterns("scrape_config_files", "invalid scrape config file path");
        var jobs = BuildJobs();
        if (!top.Node.Entries.Any(static e => e.Key.Text == "otlp")) top.Set("otlp", PrometheusSchemas.OtlpDefault.Empty());
        if (top.Sub("otlp") is { } otlp) OtlpChecks.CheckNames(otlp, reader, LegacyNames);
        var storage = top.Sub("storage")!;
        var tsdb = storage.Sub("tsdb")!;
        var retention = tsdb.Sub("retention")!;
        return new PrometheusConfig
        {
            Global = global,
            Runtime = new RuntimeConfig { GoGc = top.Sub("runtime")!.Int("gogc") },
            RuleFiles = top.Texts("rule_files"),
            ScrapeConfigFiles = top.Texts("scrape_config_files"),
            ScrapeConfigs = jobs,
            Alerting = BuildAlerting(top.Sub("alerting")!),
            RemoteWrite = BuildRemoteWrite(),
            RemoteRead = BuildRemoteRead(),
            Otlp = BuildOtlp(top.Sub("otlp") ?? PrometheusSchemas.OtlpDefault.Empty()),
            Storage = new StorageConfig
            {
                OutOfOrderTimeWindow = tsdb.Duration("out_of_order_time_window"),
                StaleSeriesCompactionThreshold = tsdb.Get<double>("stale_series_compaction_threshold"),
                RetentionTime = retention.Duration("time"),
                RetentionSizeBytes = retention.Int("size"),
                RetentionPercentage = retention.Get<double>("percentage"),
                FloatChunkEncoding = tsdb.Sub("chunk_encoding")?.Text("floats") ?? "",
                ExemplarsMax = storage.Sub("exemplars")?.Int("max_exemplars") ?? new StorageConfig().ExemplarsMax,
            },
            Tracing = BuildTracing(),
            Command = BuildCommand(),
            EffectiveYaml = top.ToYaml(),
        };
    }

    void RefuseForAgent()
    {
        foreach (string key in (ReadOnlySpan<string>)["alerting", "rule_files", "remote_read"])
            if (!top.IsZero(key)) reader.Error(top, key, $"field {key} is not allowed in agent mode");
    }

    GlobalConfig BuildGlobal()
    {
        bool isGiven = top.Has("global");
        if (_global.IsZero("scrape_interval")) _global.Set("scrape_interval", TimeSpan.FromMinutes(1));
        var interval = _global.Duration("scrape_interval");
        if (_global.IsZero("scrape_timeout")) _global.Set("scrape_timeout", Min(TimeSpan.FromSeconds(10), interval));
        else if (_global.Duration("scrape_timeout") > interval)
            reader.Error(_global, "scrape_timeout", "global scrape timeout greater than scrape interval");
        if (_global.IsZero("evaluation_interval")) _global.Set("evaluation_interval", TimeSpan.FromMinutes(1));
        if (_global.IsZero("metric_name_validation_scheme")) _global.Set("metric_name_validation_scheme", "utf8");
        if (!isGiven) _global.Set("metric_name_escaping_scheme", "allow-utf-8");
        if (_global["scrape_native_histograms"] is null) _global.Set("scrape_native_histograms", false);
        if (_global["extra_scrape_metrics"] is null) _global.Set("extra_scrape_metrics", false);
        JobChecks.CheckSchemes(_global, reader);
        JobChecks.CheckProtocols(_global, reader, "for global configuration");
        return new GlobalConfig
        {
            ScrapeInterval = interval,
            ScrapeTimeout = _global.Duration("scrape_timeout"),
            ScrapeProtocols = _global.Texts("scrape_protocols"),
            EvaluationInterval = _global.Duration("evaluation_interval"),
            RuleQueryOffset = _global.Duration("rule_query_offset"),
            QueryLogFile = _global.Text("query_log_file"),
            ScrapeFailureLogFile = _global.Text("scrape_failure_log_file"),
            ExternalLabels = BuildExternalLabels(),
            Limits = BuildLimits(_global),
            MetricNameValidation = LegacyNames ? NameValidation.Legacy : NameValidation.Utf8,
            MetricNameEscaping = _global.Text("metric_name_escaping_scheme"),
            ScrapeNativeHistograms = _global.Bool("scrape_native_histograms"),
            ConvertClassicHistograms = _global.Bool("convert_classic_histograms_to_nhcb"),
            AlwaysScrapeClassicHistograms = _global.Bool("always_scrape_classic_histograms"),
            ExtraScrapeMetrics = _global.Bool("extra_scrape_metrics"),
        };
    }

    Labels BuildExternalLabels()
    {
        var expanded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in _global.Map("external_labels"))
        {
            if (name.Length == 0 || (LegacyNames && !Labels.IsLegacyName(name)))
                reader.Error(_global, "external_labels", $"{GoText.Quote(name)} is not a valid label name");
            expanded[name] = EnvironmentText.Expand(value, options.Environment);
        }
        if (expanded.Count > 0) _global.Set("external_labels", expanded);
        return Labels.From(expanded);
    }

    void CheckPatterns(string key, string message)
    {
        foreach (string pattern in top.Texts(key))
        {
            // A wildcard is allowed in the last part only, as upstream has it.
            if (pattern.AsSpan(0, pattern.LastIndexOf('/') + 1).Contains('*')) reader.Error(top, key, $"{message} {GoText.Quote(pattern)}");
        }
    }

    List<ScrapeConfig> BuildJobs()
    {
        var sections = new List<(Section Section, SectionReader Reader)>();
        foreach (var section in top.Subs("scrape_configs")) sections.Add((section, reader));
        foreach (string pattern in top.Texts("scrape_config_files"))
            foreach (string path in GlobPattern.Find(files, pattern)) ReadScrapeConfigFile(path, sections);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var jobs = new List<ScrapeConfig>();
        foreach (var (section, origin) in sections)
        {
            string name = section.Text("job_name");
            if (name.Length == 0) origin.Error(section, "job_name", "job_name is empty");
            else if (!names.Add(name))
                origin.Error(section, "job_name", $"found multiple scrape configs with job name {GoText.Quote(name)}");
            jobs.Add(new JobBuilder(_global, section, origin).Build());
        }
        return jobs;
    }

    void ReadScrapeConfigFile(string path, List<(Section, SectionReader)> sections)
    {
        string? text;
        try
        {
            text = files.ReadText(path);
        }
        catch (IOException problem)
        {
            reader.Error(top, "scrape_config_files", $"{path} cannot be read: {problem.Message}");
            return;
        }
        if (text is null || YamlReader.Read(path, text, reader.Problems) is not { } node) return;
        var fileReader = new SectionReader(reader.Problems, ConfigPath.FolderOf(path));
        var file = fileReader.Read(node, PrometheusSchemas.ScrapeConfigFile, "");
        foreach (var section in file.Subs("scrape_configs")) sections.Add((section, fileReader));
    }

    AlertingConfig BuildAlerting(Section s) => new()
    {
        AlertRelabelRules = RelabelSchema.Build(s.Subs("alert_relabel_configs"), reader, LegacyNames),
        Alertmanagers = [.. s.Subs("alertmanagers").Select(a => new ExternalAlertmanagerConfig
        {
            Position = a.Node.Position,
            Scheme = a.Text("scheme"),
            PathPrefix = a.Text("path_prefix"),
            Timeout = a.Duration("timeout"),
            ApiVersion = a.Text("api_version"),
            Http = HttpClientSchema.Build(a),
            Discoveries = DiscoveryBuilder.Build(a, reader, checkAddresses: a.Subs("relabel_configs").Count == 0),
            RelabelRules = RelabelSchema.Build(a.Subs("relabel_configs"), reader, LegacyNames),
            AlertRelabelRules = RelabelSchema.Build(a.Subs("alert_relabel_configs"), reader, LegacyNames),
        })],
    };

    List<RemoteWriteConfig> BuildRemoteWrite()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var remotes = new List<RemoteWriteConfig>();
        foreach (var s in top.Subs("remote_write"))
        {
            if (!s.IsZero("name") && !names.Add(s.Text("name")))
                reader.Error(s, "name", $"found multiple remote write configs with job name {GoText.Quote(s.Text("name"))}");
            var queue = s.Sub("queue_config")!;
            var metadata = s.Sub("metadata_config")!;
            remotes.Add(new RemoteWriteConfig
            {
                Position = s.Node.Position,
                Url = s.Text("url"),
                Name = s.Text("name"),
                Timeout = s.Duration("remote_timeout"),
                Headers = s.Map("headers"),
                WriteRelabelRules = RelabelSchema.Build(s.Subs("write_relabel_configs"), reader, LegacyNames),
                SendExemplars = s.Bool("send_exemplars"),
                SendNativeHistograms = s.Bool("send_native_histograms"),
                ProtobufMessage = s.Text("protobuf_message"),
                RoundRobinDns = s.Bool("round_robin_dns"),
                UnsupportedAuthentication = RemoteChecks.WarnOfUnsupported(s, reader),
                Http = HttpClientSchema.Build(s),
                Queue = new RemoteQueueConfig
                {
                    Capacity = queue.Int("capacity"),
                    MaxShards = queue.Int("max_shards"),
                    MinShards = queue.Int("min_shards"),
                    MaxSamplesPerSend = queue.Int("max_samples_per_send"),
                    BatchSendDeadline = queue.Duration("batch_send_deadline"),
                    MinBackoff = queue.Duration("min_backoff"),
                    MaxBackoff = queue.Duration("max_backoff"),
                    RetryOnRateLimit = queue.Bool("retry_on_http_429"),
                    SampleAgeLimit = queue.Duration("sample_age_limit"),
                },
                Metadata = new RemoteMetadataConfig
                {
                    Send = metadata.Bool("send"),
                    SendInterval = metadata.Duration("send_interval"),
                    MaxSamplesPerSend = metadata.Int("max_samples_per_send"),
                },
            });
        }
        return remotes;
    }

    List<RemoteReadConfig> BuildRemoteRead()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var remotes = new List<RemoteReadConfig>();
        foreach (var s in top.Subs("remote_read"))
        {
            if (!s.IsZero("name") && !names.Add(s.Text("name")))
                reader.Error(s, "name", $"found multiple remote read configs with job name {GoText.Quote(s.Text("name"))}");
            remotes.Add(new RemoteReadConfig
            {
                Position = s.Node.Position,
                Url = s.Text("url"),
                Name = s.Text("name"),
                Timeout = s.Duration("remote_timeout"),
                Headers = s.Map("headers"),
                ReadRecent = s.Bool("read_recent"),
                RequiredMatchers = s.Map("required_matchers"),
                FilterExternalLabels = s.Bool("filter_external_labels"),
                ChunkedReadLimit = s.IsZero("chunked_read_limit") ? new RemoteReadConfig().ChunkedReadLimit : s.Int("chunked_read_limit"),
                Http = HttpClientSchema.Build(s),
            });
        }
        return remotes;
    }

    static OtlpConfig BuildOtlp(Section s) => new()
    {
        PromoteAllResourceAttributes = s.Bool("promote_all_resource_attributes"),
        PromoteResourceAttributes = s.Texts("promote_resource_attributes"),
        IgnoreResourceAttributes = s.Texts("ignore_resource_attributes"),
        TranslationStrategy = s.Text("translation_strategy"),
        KeepIdentifyingResourceAttributes = s.Bool("keep_identifying_resource_attributes"),
        ConvertHistogramsToNhcb = s.Bool("convert_histograms_to_nhcb"),
        PromoteScopeMetadata = s.Bool("promote_scope_metadata"),
        LabelNameUnderscoreSanitization = s.Bool("label_name_underscore_sanitization"),
        LabelNamePreserveMultipleUnderscores = s.Bool("label_name_preserve_multiple_underscores"),
    };

    TracingConfig? BuildTracing() => top.Sub("tracing") is not { } s ? null : new TracingConfig
    {
        ClientType = s.Text("client_type"),
        Endpoint = s.Text("endpoint"),
        SamplingFraction = s.Get<double>("sampling_fraction"),
        Insecure = s.Bool("insecure"),
        Tls = HttpClientSchema.BuildTls(s.Sub("tls_config")),
        Headers = s.Map("headers"),
        Compression = s.Text("compression"),
        Timeout = s.IsZero("timeout") ? new TracingConfig().Timeout : s.Duration("timeout"),
    };

    IReadOnlyList<string> BuildCommand()
    {
        if (top["command"] is not ConfigNode command) return [];
        reader.Problems.Warning(command.Position, "command",
            "found command line flags, which Prometheus refuses in this file; --storage.tsdb.retention.time and .size are taken from here, "
            + "better give them on the command line");
        var flags = command.Kind == ConfigNodeKind.List ? command.Items : [command];
        return [.. flags.Where(static f => f.Kind == ConfigNodeKind.Scalar).Select(static f => f.Text)];
    }

    public static ScrapeLimits BuildLimits(Section s) => new()
    {
        BodyBytesMax = s.Int("body_size_limit"),
        SamplesMax = s.Int("sample_limit"),
        TargetsMax = s.Int("target_limit"),
        LabelsMax = s.Int("label_limit"),
        LabelNameLengthMax = s.Int("label_name_length_limit"),
        LabelValueLengthMax = s.Int("label_value_length_limit"),
        DroppedTargetsKept = s.Int("keep_dropped_targets"),
    };

    public static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
