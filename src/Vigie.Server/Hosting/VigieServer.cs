using Microsoft.Extensions.FileProviders;
using Vigie.Alerting;
using Vigie.Collectors.Node;
using Vigie.Configuration;
using Vigie.Configuration.Http;
using Vigie.Configuration.Vigie;
using Vigie.Dashboards;
using Vigie.Instrumentation;
using Vigie.Metrics;
using Vigie.PromQL;
using Vigie.Remote;
using Vigie.Rules;
using Vigie.Scrape;
using Vigie.Server.Access;
using Vigie.Server.Http;
using Vigie.Server.Surfaces.Alertmanager;
using Vigie.Server.Surfaces.Grafana;
using Vigie.Server.Surfaces.Node;
using Vigie.Server.Surfaces.Otlp;
using Vigie.Server.Surfaces.Prometheus;
using Vigie.Storage;

namespace Vigie.Server.Hosting;

/// <summary>
/// The running system: its parts in the order they start, stopped in the opposite one. The only place that knows them all.
/// </summary>
sealed class VigieServer : IAsyncDisposable
{
    const long RetentionMsDefault = 15L * 24 * 3600 * 1000;

    readonly ILogger _logger;
    readonly List<(string Name, Func<CancellationToken, Task> Stop)> _parts = [];
    ConfigurationReloader _reloader = null!;

    VigieServer(ILogger logger) => _logger = logger;

    /// <summary>The store behind the Prometheus surface, for tests that fill it directly.</summary>
    internal MetricStore Store { get; private set; } = null!;

    public static async Task<VigieServer> StartAsync(
        ServeOptions options, RunningConfiguration configuration, IConfigFiles files, TimeProvider clock, ILoggerFactory loggers, Action quit,
        CancellationToken cancellation)
    {
        var server = new VigieServer(loggers.CreateLogger("Vigie.Server"));
        try
        {
            await server.StartPartsAsync(options, configuration, files, clock, loggers, quit, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reloads when nobody waits for the outcome: what goes wrong is in the log and in the metrics.</summary>
    public async Task ReloadQuietlyAsync()
    {
        try
        {
            await _reloader.ReloadAsync(CancellationToken.None);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Logged by the reloader, a refused configuration with all that is wrong with it.
        }
    }

    /// <summary>Stops the parts, the last started first. A part that fails to stop is logged and does not hold up the others.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        for (int i = _parts.Count - 1; i >= 0; i--)
        {
            var (name, stop) = _parts[i];
            _parts.RemoveAt(i);
            try
            {
                await stop(cancellation);
            }
            catch (Exception problem) when (problem is OperationCanceledException or IOException or TimeoutException)
            {
                HostingLog.StopFailed(_logger, problem, name);
            }
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    async Task StartPartsAsync(
        ServeOptions options, RunningConfiguration configuration, IConfigFiles files, TimeProvider clock, ILoggerFactory loggers, Action quit,
        CancellationToken cancellation)
    {
        foreach (string notice in options.Notices.Concat(configuration.Layout.Notices)) HostingLog.Notice(_logger, notice);
        var started = clock.GetUtcNow();
        var disk = new PhysicalFileSystem();
        string storagePath = StoragePath(options, configuration);

        var metrics = new MetricsExporter(new MetricsExporterOptions
        {
            IncludeMeter = meter => meter.Name.StartsWith("Vigie.", StringComparison.Ordinal),
        });
        Part("metrics", _ => Synchronously(metrics.Dispose));

        var guards = new WebGuards(options.WebConfigFiles, files, clock, _logger);
        Part("web guards", _ => Synchronously(guards.Dispose));

        var sweeper = new HeapSweeper(clock, loggers.CreateLogger<HeapSweeper>());
        Part("heap sweeper", _ => Synchronously(sweeper.Dispose));

        var storeOptions = StoreOptions(options, configuration);
        var store = MetricStore.Open(disk, storagePath, storeOptions, clock, loggers.CreateLogger<MetricStore>());
        Part("store", stop => Synchronously(() => store.Close(stop)));
        Store = store;

        // Stopped after all that append, so that it can send the last samples too.
        var remoteWrite = new RemoteWriteService(store, () => store.Metadata, new RemoteWriteOptions
        {
            Directory = Path.Combine(storagePath, "remote-write"),
            CreateHandler = (http, anyAddress) => HttpHandlers.Create(http, files, clock, anyAddress: anyAddress),
            UserAgent = $"Vigie/{ServerVersion.Vigie}",
            FlushDeadline = TimeSpan.FromMilliseconds(options.RemoteFlushDeadlineMs),
            LogBytesMax = options.RemoteWriteLogBytesMax,
        }, disk, clock, loggers.CreateLogger<RemoteWriteService>());
        Part("remote write", _ => remoteWrite.DisposeAsync().AsTask());

        var source = new RemoteReadSource(
            store, () => store.OldestMs, http => HttpHandlers.Create(http, files, clock), clock, $"Vigie/{ServerVersion.Vigie}");
        Part("remote read", _ => Synchronously(source.Dispose));

        var engine = new QueryEngine(new EngineOptions
        {
            LookbackMs = options.LookbackDeltaMs,
            SamplesMax = options.QuerySamplesMax,
            MemoryBytesMax = options.QueryMemoryBytesMax ?? EngineOptions.MemoryBytesMaxDefault,
            Timeout = TimeSpan.FromMilliseconds(options.QueryTimeoutMs),
            SubqueryStepMs = (long)configuration.Prometheus.Global.EvaluationInterval.TotalMilliseconds,
            DelayedNameRemoval = options.Features.Contains("promql-delayed-name-removal"),
            TypeAndUnitLabels = options.Features.Contains("type-and-unit-labels"),
            StartTimestamps = options.Features.Contains("created-timestamp-zero-ingestion") || options.Features.Contains("st-storage"),
        }, clock);

        var queryLog = new QueryLog(disk, clock, _logger, options.Features.Contains(QueryEndpoints.PerStepFeature));
        engine.Finished = queryLog.Write;
        Part("query log", _ => Synchronously(queryLog.Dispose));

        var alertmanager = AlertmanagerService.Open(new AlertmanagerOptions
        {
            ExternalUrl = ExternalUrl(options, configuration, guards, Surface.Alertmanager),
            Directory = Path.Combine(storagePath, "alertmanager"),
            HttpHandlers = http => HttpHandlers.Create(http, files, clock),
        }, configuration.Alertmanager, files, disk, clock, loggers.CreateLogger<AlertmanagerService>());
        Part("alertmanager", _ => Synchronously(alertmanager.Dispose));

        var alertmanagerPorts = Listeners(options, configuration)
            .Where(static listener => listener.Surface == Surface.Alertmanager).Select(static listener => listener.Address.Port).ToHashSet();
        var external = new ExternalAlertmanagerSink(
            clock, loggers.CreateLogger<ExternalAlertmanagerSink>(),
            url => alertmanagerPorts.Contains(url.Port) && (url.IsLoopback || url.Host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)),
            http => HttpHandlers.Create(http, files, clock));
        Part("external alertmanagers", _ => Synchronously(external.Dispose));

        var rules = new RuleService(new RuleServiceOptions
        {
            ResendDelay = TimeSpan.FromMilliseconds(options.AlertResendDelayMs),
            OutageTolerance = TimeSpan.FromMilliseconds(options.AlertForOutageToleranceMs),
            GracePeriod = TimeSpan.FromMilliseconds(options.AlertForGracePeriodMs),
            Parser = ServeHost.ParserOptionsOf(options),
        }, engine, source, store, new FanOutAlertSink(alertmanager, external), clock, loggers.CreateLogger<RuleService>());
        Part("rules", _ => rules.DisposeAsync().AsTask());

        var scraping = new ScrapeService(store, clock, loggers, new ScrapeOptions
        {
            Files = files,
            CreateHandler = http => HttpHandlers.Create(http, files, clock),
            UserAgent = $"Vigie/{ServerVersion.Vigie}",
            TimestampTolerance = TimeSpan.FromMilliseconds(options.TimestampToleranceMs),
            ZeroAtStart = options.Features.Contains("created-timestamp-zero-ingestion"),
        });
        Part("scraping", scraping.StopAsync);

        var parserOptions = ServeHost.ParserOptionsOf(options);
        _reloader = new ConfigurationReloader(() => RunningConfiguration.Load(options, parserOptions, files),
        [
            ("warnings", (next, _) => Synchronously(() => LogWarnings(next))),
            ("query log", (next, _) => Synchronously(() => queryLog.Apply(next.Prometheus.Global.QueryLogFile))),
            ("remote read", (next, _) => Synchronously(() => source.Apply(next.Prometheus))),
            ("remote write", (next, stop) => remoteWrite.ApplyAsync(next.Prometheus, stop)),
            ("series limits", (next, _) => Synchronously(() => store.Apply(StoreLimits.Of(next.Vigie.Limits)))),
            ("alertmanager", (next, _) => Synchronously(() => alertmanager.Apply(next.Alertmanager, files))),
            ("external alertmanagers", (next, _) => Synchronously(() => external.Apply(next.Prometheus.Alerting, files))),
            ("rules", (next, stop) => rules.ApplyAsync(next.RuleFiles, RuleSettingsOf(next, options, guards), stop)),
            ("scraping", (next, _) => Synchronously(() => scraping.Apply(next.Prometheus))),
        ], clock, _logger);
        if (options.Features.Contains("auto-reload-config"))
        {
            var autoReload = new AutoReload(_reloader, ReloadQuietlyAsync, TimeSpan.FromMilliseconds(options.AutoReloadIntervalMs), clock);
            Part("automatic reloads", _ => Synchronously(autoReload.Dispose));
        }
        var hostingMetrics = new HostingMetrics(_reloader, ServerVersion.Vigie);
        Part("hosting metrics", _ => Synchronously(hostingMetrics.Dispose));
        var httpMetrics = new HttpMetrics();
        Part("HTTP metrics", _ => Synchronously(httpMetrics.Dispose));

        var node = new NodeCollector(new ProcFiles(), clock, ServerVersion.Vigie);
        var otlp = new OtlpIngest(options, () => _reloader.Current.Prometheus.Otlp, store, clock, loggers.CreateLogger("Vigie.Otlp"));
        Part("OTLP", _ => Synchronously(otlp.Dispose));
        var prometheus = new PrometheusServices
        {
            Options = options,
            Clock = clock,
            Started = started,
            Store = store,
            Source = source,
            Engine = engine,
            ParserOptions = parserOptions,
            Queries = new QueryGate(options.QueryConcurrencyMax, clock),
            Scraping = scraping,
            Rules = rules,
            Reloading = _reloader,
            Metrics = metrics,
            HttpMetrics = httpMetrics,
            Otlp = otlp,
            RetentionText = storeOptions.Retention is { } retention ? Vigie.Model.GoDuration.Format(retention) : "",
            Quit = quit,
            AlertmanagerUrls = () => [.. external.Active.Select(static one => one.Url)],
        };
        var alertmanagerServices = new AlertmanagerServices
        {
            Alertmanager = alertmanager,
            Clock = clock,
            ReloadAsync = _reloader.ReloadAsync,
            Metrics = metrics,
        };
        var users = WebAuth(options, configuration) ? new UserStore(new FileUserState(disk, Path.Combine(storagePath, "web/users.json")), clock) : null;
        var web = new GrafanaSurfaceOptions
        {
            Dashboards = () => _reloader.Current.Dashboards,
            Users = users,
            Version = ServerVersion.Vigie,
            Ui = UiFolder(),
            MapPrometheus = (routes, prefix) => PrometheusSurface.Map(routes, prometheus, prefix),
            MapAlertmanager = routes => routes.MapAlertmanager(alertmanagerServices),
        };

        await _reloader.StartAsync(configuration, cancellation);
        var gates = new ConnectionGates(Listeners(options, configuration).Select(static listener => listener.Surface), options.ConnectionsMax, clock, _logger);
        Part("connection gates", _ => Synchronously(gates.Dispose));
        var readTimeout = TimeSpan.FromMilliseconds(options.ReadTimeoutMs);
        var surfaces = await SurfaceHost.StartAsync(Listeners(options, configuration), gates, guards, readTimeout, (surface, app) =>
        {
            switch (surface)
            {
                case Surface.Prometheus:
                    PrometheusSurface.Configure(app, prometheus);
                    break;
                case Surface.Alertmanager:
                    AlertmanagerSurface.Configure(app, alertmanagerServices);
                    break;
                case Surface.Node:
                    NodeSurface.Configure(app, node);
                    break;
                case Surface.Otlp:
                    OtlpSurface.Configure(app, otlp);
                    break;
                default:
                    httpMetrics.MeasureBodies(app);
                    app.UseResponseCompression();
                    app.UseRouting();
                    app.UseEndpoints(routes => routes.MapGrafana(web));
                    break;
            }
        }, loggers, cancellation);
        Part("surfaces", async stop =>
        {
            await surfaces.StopAsync(stop);
            await surfaces.DisposeAsync();
        });
        foreach (var (surface, address) in Listeners(options, configuration)) HostingLog.Listening(_logger, surface.ToString(), address.ToString());
        if (guards.Remark(Listeners(options, configuration).Select(static listener => listener.Surface), users is not null) is { } remark)
            HostingLog.ConfigurationWarning(_logger, remark);
        prometheus.Ready = true;
    }

    void Part(string name, Func<CancellationToken, Task> stop) => _parts.Add((name, stop));

    static Task Synchronously(Action stop)
    {
        stop();
        return Task.CompletedTask;
    }

    void LogWarnings(RunningConfiguration configuration)
    {
        foreach (var warning in configuration.Warnings) HostingLog.ConfigurationWarning(_logger, warning.ToString());
    }

    static RuleSettings RuleSettingsOf(RunningConfiguration configuration, ServeOptions options, WebGuards guards) => new()
    {
        EvaluationInterval = configuration.Prometheus.Global.EvaluationInterval,
        QueryOffset = configuration.Prometheus.Global.RuleQueryOffset,
        ExternalLabels = configuration.Prometheus.Global.ExternalLabels,
        ExternalUrl = ExternalUrl(options, configuration, guards, Surface.Prometheus),
        AlertRelabelling = configuration.Prometheus.Alerting.AlertRelabelRules,
    };

    /// <summary>Where people reach a surface: as they said (for Prometheus), else this machine's name and the port, as upstream guesses.</summary>
    static string ExternalUrl(ServeOptions options, RunningConfiguration configuration, WebGuards guards, Surface surface)
    {
        if (surface == Surface.Prometheus && (options.ExternalUrl ?? configuration.Vigie.ExternalUrl) is { } said) return said.TrimEnd('/');
        var listener = Listeners(options, configuration).Where(listener => listener.Surface == surface).Select(listener => listener.Address.Port);
        string scheme = guards[surface] is { HasTls: true } ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        return $"{scheme}://{Environment.MachineName}:{listener.FirstOrDefault(ListenAddress.Parse(Surfaces.Of(surface).DefaultAddress).Port)}";
    }

    static MetricStoreOptions StoreOptions(ServeOptions options, RunningConfiguration configuration)
    {
        var storage = configuration.Prometheus.Storage;
        long retentionMs = options.RetentionTimeMs ?? (long?)configuration.Vigie.RetentionTime?.TotalMilliseconds
            ?? Positive((long)storage.RetentionTime.TotalMilliseconds) ?? CommandRetentionMs(configuration) ?? RetentionMsDefault;
        return new MetricStoreOptions
        {
            Retention = retentionMs > 0 ? TimeSpan.FromMilliseconds(retentionMs) : null,
            RetentionBytesMax = options.RetentionBytesMax ?? configuration.Vigie.RetentionSizeBytes ?? Positive(storage.RetentionSizeBytes),
            OutOfOrderWindow = storage.OutOfOrderTimeWindow,
            SeriesLimits = StoreLimits.Of(configuration.Vigie.Limits),
            HeadSpanMax = TimeSpan.FromMilliseconds(options.HeadSpanMaxMs),
            BlockSpanMax = TimeSpan.FromMilliseconds(options.BlockSpanMaxMs),
            RetentionRules = [.. configuration.Vigie.RetentionRules.Select(static rule => new RetentionRule(rule.Matchers, rule.Time))],
            Downsampling = [.. configuration.Vigie.Downsampling
                .Select(static rule => new DownsamplingRule(rule.Resolution, rule.After, rule.Keep, rule.Matchers))],
        };
    }

    static long? Positive(long value) => value > 0 ? value : null;

    /// <summary>The retention a <c>command:</c> list inside prometheus.yml names, as a guide has it.</summary>
    static long? CommandRetentionMs(RunningConfiguration configuration)
    {
        const string Flag = "--storage.tsdb.retention.time=";
        foreach (string flag in configuration.Prometheus.Command)
            if (flag.StartsWith(Flag, StringComparison.Ordinal) && Vigie.Model.GoDuration.TryParseMs(flag[Flag.Length..], out long ms)) return ms;
        return null;
    }

    /// <summary>Flag, then vigie.yml, then the default.</summary>
    internal static string StoragePath(ServeOptions options, RunningConfiguration configuration) =>
        options.StoragePath ?? configuration.Vigie.StoragePath ?? ServeOptions.StoragePathDefault;

    static bool WebAuth(ServeOptions options, RunningConfiguration configuration) => options.WebAuth && configuration.Vigie.WebAuth is not false;

    /// <summary>Flag, then vigie.yml, then the customary port.</summary>
    static List<(Surface Surface, ListenAddress Address)> Listeners(ServeOptions options, RunningConfiguration configuration)
    {
        var listeners = new List<(Surface, ListenAddress)>();
        foreach (var (surface, _, _, customary, _) in Surfaces.All)
        {
            var listen = configuration.Vigie.Listen;
            string? configured = surface switch
            {
                Surface.Prometheus => listen.Prometheus,
                Surface.Alertmanager => listen.Alertmanager,
                Surface.Node => listen.Node,
                Surface.Otlp => listen.Otlp,
                _ => listen.Web,
            };
            IReadOnlyList<string> addresses = options.ListenAddresses.TryGetValue(surface, out var flagged) ? flagged : [configured ?? customary];
            foreach (string address in addresses)
                if (address != ListenConfig.Off) listeners.Add((surface, ListenAddress.Parse(address)));
        }
        return listeners;
    }

    /// <summary>The built UI beside the program.</summary>
    static PhysicalFileProvider? UiFolder()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        return Directory.Exists(folder) ? new PhysicalFileProvider(folder) : null;
    }
}
