using System.CommandLine;
using Microsoft.Extensions.Logging;
using Vigie.Configuration.Schema;
using Vigie.Model;
using Vigie.Server.Hosting;

namespace Vigie.Commands;

/// <summary>`vigie serve`: Prometheus' flag names, and a configuration folder.</summary>
static class ServeCommand
{
    static readonly Argument<string?> Folder = new("DIR")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Configuration folder: prometheus/prometheus.yml or prometheus.yml, rules/, alertmanager/, alerts/, grafana/, vigie.yml.",
    };

    static readonly Flag[] Flags =
    [
        new("--config.file", "prometheus.yml", "Prometheus configuration file path."),
        new("--config.auto-reload-interval", "30s", "How often changed configuration files are looked for, with the feature auto-reload-config; at least 1s."),
        new("--config.vigie", "", "Vigie configuration file path (vigie.yml)."),
        new("--web.listen-address", "0.0.0.0:9090", "Address of the Prometheus API. Can be repeated; off switches it off."),
        new("--web.config.file", "", "Path to configuration file that can enable TLS or authentication."),
        new("--web.max-connections", "512", "Maximum number of simultaneous connections of each surface; further ones wait."),
        new("--web.read-timeout", "5m", "Maximum duration before timing out read of the request, and closing idle connections."),
        new("--web.external-url", "", "The URL under which Prometheus is externally reachable."),
        new("--web.route-prefix", "", "Prefix for the internal routes of web endpoints."),
        new("--web.enable-lifecycle", "", "Enable reload and shutdown via HTTP from any address (default: from loopback only).", IsSwitch: true),
        new("--web.enable-admin-api", "false", "Enable API endpoints for admin control actions.", IsSwitch: true),
        new("--web.enable-remote-write-receiver", "false", "Enable API endpoint accepting remote write requests.", IsSwitch: true),
        new("--web.remote-write-receiver.accepted-protobuf-messages", $"{ServeOptions.WriteMessageV1},{ServeOptions.WriteMessageV2}",
            "Remote write protobuf messages to accept. Can be repeated."),
        new("--web.enable-otlp-receiver", "false", "Enable API endpoint accepting OTLP write requests.", IsSwitch: true),
        new("--web.cors.origin", ".*", "Regex for CORS origin. It is fully anchored."),
        new("--web.auth", "on", "on: the web UI asks for sign-in; off: for local demos."),
        new("--ui.web.listen-address", "0.0.0.0:3000", "Address of the web UI and the Grafana API; off switches it off."),
        new("--ui.web.config.file", "", "The same for the web UI: TLS and headers."),
        new("--ui.dashboards", "", "Folder of dashboard JSON files. Can be repeated."),
        new("--alertmanager.config.file", "", "Alertmanager configuration file path."),
        new("--alertmanager.web.listen-address", "0.0.0.0:9093", "Address of the Alertmanager API; off switches it off."),
        new("--alertmanager.web.config.file", "", "The same as --web.config.file for the Alertmanager API."),
        new("--node.web.listen-address", "0.0.0.0:9100", "Address of the node metrics; off switches it off."),
        new("--node.web.config.file", "", "The same for the node metrics."),
        new("--otlp.http.listen-address", "0.0.0.0:4318", "Address for OTLP over HTTP (metrics); off switches it off."),
        new("--otlp.http.config.file", "", "The same for OTLP over HTTP."),
        new("--scrape.adjust-timestamps", "true", "Adjust scrape timestamps by up to the tolerance to align them to the intended schedule.", IsSwitch: true),
        new("--scrape.timestamp-tolerance", "2ms", "Timestamp tolerance; at most 1% of the scrape interval."),
        new("--storage.tsdb.path", ServeOptions.StoragePathDefault, "Base path for metrics storage."),
        new("--storage.tsdb.retention.time", "15d", "How long to retain samples in storage."),
        new("--storage.tsdb.retention.size", "0B", "Maximum number of bytes that can be stored for blocks."),
        new("--storage.tsdb.min-block-duration", "2h", "Age at which samples in memory are written to a block."),
        new("--storage.tsdb.max-block-duration", "2d", "Longest span of time that blocks are compacted to."),
        new("--storage.remote.flush-deadline", "1m", "How long to wait flushing sample on shutdown or config reload."),
        new("--storage.remote.write-log-size", "8GB", "Maximum number of bytes of the log that wait for remote write receivers; the oldest are dropped."),
        new("--storage.remote.read-sample-limit", "50000000",
            "Maximum overall number of samples to return via the remote read interface, in a single query. 0 means no limit."),
        new("--storage.remote.read-concurrent-limit", "10", "Maximum number of concurrent remote read calls. 0 means no limit."),
        new("--storage.remote.read-max-bytes-in-frame", "1048576",
            "Maximum number of bytes in a single frame for streaming remote read response types before marshalling."),
        new("--rules.alert.for-outage-tolerance", "1h", "Max time to tolerate an outage for restoring \"for\" state of alert."),
        new("--rules.alert.for-grace-period", "10m", "Minimum duration between alert and restored \"for\" state."),
        new("--rules.alert.resend-delay", "1m", "Minimum amount of time to wait before resending an alert."),
        new("--query.lookback-delta", "5m", "The maximum lookback duration for retrieving metrics during expression evaluations."),
        new("--query.timeout", "2m", "Maximum time a query may take before being aborted."),
        new("--query.max-concurrency", "20", "Maximum number of queries executed concurrently."),
        new("--query.max-samples", "50000000", "Maximum number of samples a single query can load into memory."),
        new("--query.max-memory", "0B", "Maximum number of bytes a single query can hold; 0 is a quarter of the memory there is."),
        new("--enable-feature", "", "Comma separated feature names to enable. Can be repeated."),
        new("--log.level", "info", "Only log messages with the given severity or above: debug, info, warn, error."),
        new("--log.format", "logfmt", "Output format of log messages: logfmt, json."),
    ];

    public static Command Create()
    {
        var command = new Command("serve", "Run the server on the files of a folder, or on those the flags name.") { Folder };
        foreach (var flag in Flags) flag.AddTo(command);
        FlagsWithoutEffect.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, cancellation));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var options = Read(parsed, problems);
        if (problems.Count > 0)
        {
            foreach (string problem in problems) Console.Error.WriteLine("vigie: " + problem);
            return 2;
        }
        return await ServeHost.RunAsync(options, TimeProvider.System, cancellation);
    }

    static ServeOptions Read(ParseResult parsed, List<string> problems)
    {
        var values = Flags.ToDictionary(flag => flag.Name, flag => flag.Values(parsed));
        string Text(string name) => values[name][^1];
        bool Given(string name) => Flags.First(flag => flag.Name == name).IsGiven(parsed);
        long Duration(string name)
        {
            if (GoDuration.TryParseMs(Text(name), out long milliseconds)) return milliseconds;
            problems.Add($"{name}: found \"{Text(name)}\", expected a duration such as 15d, 2h30m");
            return 0;
        }
        long Positive(string name)
        {
            int before = problems.Count;
            long milliseconds = Duration(name);
            if (milliseconds <= 0 && problems.Count == before) problems.Add($"{name}: found \"{Text(name)}\", expected a duration above 0 such as 5m");
            return milliseconds;
        }
        int Count(string name)
        {
            if (int.TryParse(Text(name), out int count) && count > 0) return count;
            problems.Add($"{name}: found \"{Text(name)}\", expected a positive number");
            return 0;
        }
        int CountOrZero(string name)
        {
            if (int.TryParse(Text(name), out int count) && count >= 0) return count;
            problems.Add($"{name}: found \"{Text(name)}\", expected a number, 0 for no limit");
            return 0;
        }
        T OneOf<T>(string name, params ReadOnlySpan<(string Text, T Value)> choices)
        {
            foreach (var (text, value) in choices)
                if (text == Text(name)) return value;
            problems.Add($"{name}: found \"{Text(name)}\", expected {string.Join(", ", choices.ToArray().Select(choice => choice.Text))}");
            return choices[0].Value;
        }
        var addresses = new Dictionary<Surface, IReadOnlyList<string>>();
        foreach (var (surface, _, flag, _, _) in Surfaces.All)
        {
            if (!Given(flag)) continue;
            addresses[surface] = values[flag];
            foreach (string address in values[flag])
            {
                if (address == "off") continue;
                try { ListenAddress.Parse(address); }
                catch (FormatException problem) { problems.Add($"{flag}: {problem.Message}"); }
            }
        }
        string? folder = parsed.GetValue(Folder);
        if (folder is not null && !Directory.Exists(folder)) problems.Add($"found no folder \"{folder}\", expected a configuration folder");
        string retentionSize = Text("--storage.tsdb.retention.size");
        if (!ByteSize.TryParse(retentionSize, out long retentionBytes, out _))
            problems.Add($"--storage.tsdb.retention.size: found \"{retentionSize}\", expected a size such as 512MB");
        string[] features = [.. values["--enable-feature"].SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries))];
        if (ServeOptions.ProblemOf(features) is { } contradiction) problems.Add($"--enable-feature: {contradiction}");
        string logSize = Text("--storage.remote.write-log-size");
        if (!ByteSize.TryParse(logSize, out long remoteLogBytes, out _) || remoteLogBytes <= 0)
            problems.Add($"--storage.remote.write-log-size: found \"{logSize}\", expected a size such as 8GB");
        const string Messages = "--web.remote-write-receiver.accepted-protobuf-messages";
        string[] messages = [.. values[Messages].SelectMany(static list => list.Split(',')).Distinct()];
        foreach (string message in messages)
            if (message is not (ServeOptions.WriteMessageV1 or ServeOptions.WriteMessageV2))
                problems.Add($"{Messages}: found \"{message}\", expected {ServeOptions.WriteMessageV1} or {ServeOptions.WriteMessageV2}");
        string queryMemory = Text("--query.max-memory");
        if (!ByteSize.TryParse(queryMemory, out long queryBytes, out _))
            problems.Add($"--query.max-memory: found \"{queryMemory}\", expected a size such as 512MB");
        return new ServeOptions
        {
            Folder = folder,
            ConfigFile = Given("--config.file") || folder is null ? Text("--config.file") : null,
            VigieConfigFile = NullIfEmpty(Text("--config.vigie")),
            AlertmanagerConfigFile = NullIfEmpty(Text("--alertmanager.config.file")),
            DashboardFolders = [.. values["--ui.dashboards"].Where(path => path.Length > 0)],
            StoragePath = Given("--storage.tsdb.path") ? Text("--storage.tsdb.path") : null,
            RetentionTimeMs = Given("--storage.tsdb.retention.time") ? Duration("--storage.tsdb.retention.time") : null,
            RetentionBytesMax = retentionBytes > 0 ? retentionBytes : null,
            TimestampToleranceMs = Text("--scrape.adjust-timestamps") == "true" ? Duration("--scrape.timestamp-tolerance") : 0,
            AutoReloadIntervalMs = Math.Max(1000, Positive("--config.auto-reload-interval")),
            HeadSpanMaxMs = Duration("--storage.tsdb.min-block-duration"),
            BlockSpanMaxMs = Duration("--storage.tsdb.max-block-duration"),
            RemoteFlushDeadlineMs = Duration("--storage.remote.flush-deadline"),
            RemoteWriteLogBytesMax = remoteLogBytes,
            RemoteReadSamplesMax = CountOrZero("--storage.remote.read-sample-limit"),
            RemoteReadConcurrencyMax = CountOrZero("--storage.remote.read-concurrent-limit"),
            RemoteReadFrameBytesMax = Count("--storage.remote.read-max-bytes-in-frame"),
            ListenAddresses = addresses,
            WebConfigFiles = Surfaces.All.Where(entry => Text(entry.ConfigFlag).Length > 0)
                .ToDictionary(static entry => entry.Surface, entry => Text(entry.ConfigFlag)),
            ConnectionsMax = Count("--web.max-connections"),
            ReadTimeoutMs = Positive("--web.read-timeout"),
            ExternalUrl = NullIfEmpty(Text("--web.external-url")),
            RoutePrefix = NullIfEmpty(Text("--web.route-prefix")),
            EnableLifecycle = Given("--web.enable-lifecycle") ? Text("--web.enable-lifecycle") == "true" : null,
            EnableAdminApi = Text("--web.enable-admin-api") == "true",
            EnableRemoteWriteReceiver = Text("--web.enable-remote-write-receiver") == "true",
            WriteMessages = messages,
            EnableOtlpReceiver = Text("--web.enable-otlp-receiver") == "true",
            CorsOrigin = Text("--web.cors.origin"),
            WebAuth = OneOf("--web.auth", ("on", true), ("off", false)),
            LookbackDeltaMs = Duration("--query.lookback-delta"),
            QueryTimeoutMs = Duration("--query.timeout"),
            QueryConcurrencyMax = Count("--query.max-concurrency"),
            QuerySamplesMax = Count("--query.max-samples"),
            QueryMemoryBytesMax = queryBytes > 0 ? queryBytes : null,
            AlertForOutageToleranceMs = Duration("--rules.alert.for-outage-tolerance"),
            AlertForGracePeriodMs = Duration("--rules.alert.for-grace-period"),
            AlertResendDelayMs = Duration("--rules.alert.resend-delay"),
            Features = features,
            Notices = [.. FlagsWithoutEffect.NoticesOf(parsed), .. KnownFeatures.NoticesOf(features)],
            LogLevel = OneOf("--log.level", ("debug", LogLevel.Debug), ("info", LogLevel.Information), ("warn", LogLevel.Warning), ("error", LogLevel.Error)),
            LogAsJson = OneOf("--log.format", ("logfmt", false), ("json", true)),
            Flags = new Dictionary<string, string>(
                [.. Flags.Select(flag => KeyValuePair.Create(flag.Name[2..], string.Join(',', flag.Values(parsed)))), .. FlagsWithoutEffect.ValuesOf(parsed)])
            {
                ["web.route-prefix"] = "/" + Text("--web.route-prefix").Trim('/'),
            },
        };
    }

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    /// <summary>One flag; a switch also has a form --no-NAME, as Prometheus' flags do.</summary>
    sealed class Flag(string name, string defaultValue, string description, bool IsSwitch = false)
    {
        public string Name { get; } = name;
        readonly Option<bool> _no = new("--no-" + name[2..]) { Hidden = true };

        public Option Option { get; } = IsSwitch
            ? new Option<bool>(name) { Description = description }
            : new Option<string[]>(name)
            {
                Description = description + (defaultValue.Length > 0 ? $" Default: {defaultValue}" : ""),
                Arity = ArgumentArity.OneOrMore,
                AllowMultipleArgumentsPerToken = false,
                DefaultValueFactory = _ => [defaultValue],
            };

        public void AddTo(Command command)
        {
            command.Options.Add(Option);
            if (IsSwitch) command.Options.Add(_no);
        }

        public bool IsGiven(ParseResult parsed) =>
            parsed.GetResult(Option) is { Implicit: false } || (IsSwitch && parsed.GetResult(_no) is { Implicit: false });

        public string[] Values(ParseResult parsed)
        {
            if (!IsSwitch) return parsed.GetValue((Option<string[]>)Option) ?? [defaultValue];
            if (parsed.GetValue(_no)) return ["false"];
            bool isOn = IsGiven(parsed) ? parsed.GetValue((Option<bool>)Option) : defaultValue == "true";
            return [isOn ? "true" : "false"];
        }
    }
}
