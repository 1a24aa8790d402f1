using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Vigie.Configuration.Prometheus;
using Vigie.Model;
using Vigie.Protocols.Exposition;

namespace Vigie.Scrape;

/// <summary>What all loops of a job share until the configuration changes.</summary>
/// <param name="ForcedError">Fails every scrape (target_limit); null: none.</param>
sealed record ScrapeSettings(ScrapeConfig Config, PageFetcher Fetcher, string? ForcedError);

/// <summary>What every loop works with.</summary>
sealed record ScrapeContext(ISampleSink Sink, TimeProvider Clock, ILogger Logger, ScrapeMetrics Metrics, ScrapeOptions Options,
    ulong OffsetSeed);

/// <summary>The outcome of one scrape, replaced as a whole.</summary>
sealed record ScrapeOutcome(DateTimeOffset At, TimeSpan Duration, TargetHealth Health, string Error, int ErrorLine)
{
    public static ScrapeOutcome None { get; } = new(default, TimeSpan.Zero, TargetHealth.Unknown, "", 0);
}

/// <summary>
/// Scrapes one target on its interval: fetch, read, append, report, until it is stopped. One task per loop; <see cref="Settings"/> and
/// <see cref="Target"/> may be replaced from outside and count from the next scrape on.
/// </summary>
sealed class ScrapeLoop
{
    /// <summary>A loop that begins its turn later than that leaves the thread to others as soon as it can.</summary>
    static readonly TimeSpan LatenessMax = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan LightWorkMax = TimeSpan.FromMilliseconds(5);
    static readonly string[] ReportNames =
    [
        "up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling", "scrape_series_added",
        "scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes",
    ];
    const int ReportsWithoutExtra = 5;
    /// <summary>Room for a page that has grown, and the head of the answer.</summary>
    const int PageSlackBytes = 8192;

    readonly ScrapeContext _context;
    readonly CancellationTokenSource _removed = new();
    readonly TargetConnection _connection = new();
    readonly SampleBatch _batch = new() { RepeatsShape = true };
    readonly SampleBatch? _zeros;
    readonly SeriesRef[] _reports = new SeriesRef[ReportNames.Length];
    ScrapeConfig _appenderConfig;
    SampleLabeller _labeller;
    PageAppender _appender;
    int _lastBodyBytes;
    bool _isHeavy = true;       // the last page took long to read; the first one may
    string? _lastType;
    ScrapeConfig? _lastTypeConfig;
    ExpositionFormat _lastFormat;
    Task _run = Task.CompletedTask;

    public ScrapeLoop(TargetDefinition target, ScrapeSettings settings, ScrapeContext context)
    {
        Target = target;
        Settings = settings;
        _context = context;
        _appenderConfig = settings.Config;
        _labeller = new SampleLabeller(target.Labels, _appenderConfig);
        if (context.Options.ZeroAtStart) _zeros = new SampleBatch();
        _appender = new PageAppender(context.Sink, _labeller, _zeros);
    }

    public TargetDefinition Target { get; set; }
    public ScrapeSettings Settings { get; set; }
    public ScrapeOutcome Outcome { get; private set; } = ScrapeOutcome.None;
    public IReadOnlyList<TargetMetadata> Metadata => _appender.Metadata;
    public int MetadataCount => _appender.MetadataCount;

    public void Start(CancellationToken shutdown) => _run = Task.Run(() => RunAsync(shutdown), CancellationToken.None);

    /// <summary>Ends when the loop has ended; after a removal that is two intervals later.</summary>
    public Task Completion => _run;

    /// <summary>The target is gone: no more scrapes, and staleness markers unless it comes back within two intervals.</summary>
    public void Remove() => _removed.Cancel();

    async Task RunAsync(CancellationToken shutdown)
    {
        var clock = _context.Clock;
        var target = Target;
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(shutdown, _removed.Token);
        DateTimeOffset? last = null;
        PeriodicTimer? timer = null;
        var interval = new KeyValuePair<string, object?>("interval", GoDuration.Format(target.Interval));
        try
        {
            var wait = target.OffsetFrom(clock.GetUtcNow(), _context.OffsetSeed);
            await Task.Delay(wait, clock, stopping.Token).ConfigureAwait(false);
            timer = new PeriodicTimer(target.Interval, clock);
            var turn = clock.GetUtcNow();
            do
            {
                var now = clock.GetUtcNow();
                var time = Align(now, ref turn, target.Interval, _context.Options.TimestampTolerance);
                if (last is { } before) _context.Metrics.IntervalLength.Record((time - before).TotalSeconds, interval);
                last = time;
                _connection.MayWait = now - turn <= LatenessMax;
                // The clock's thread is there for short work.
                if (_isHeavy) await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                await ScrapeAsync(time, stopping.Token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            if (!shutdown.IsCancellationRequested && last is not null) await MarkEndOfRunAsync(timer!, shutdown).ConfigureAwait(false);
        }
        finally
        {
            timer?.Dispose();
            _connection.Dispose();
        }
    }

    static DateTimeOffset Align(DateTimeOffset now, ref DateTimeOffset turn, TimeSpan interval, TimeSpan toleranceMax)
    {
        var tolerance = interval / 100 < toleranceMax ? interval / 100 : toleranceMax;
        if (now - turn >= interval) turn += interval * Math.Floor((now - turn) / interval);
        return now - turn <= tolerance ? turn : now;
    }

    async ValueTask ScrapeAsync(DateTimeOffset time, CancellationToken stopping)
    {
        long started = _context.Clock.GetTimestamp();
        string error = "";
        int errorLine = 0;
        var counts = default(PageCounts);
        try
        {
            UseSettings();
            counts = await FetchAndAppendAsync(time, started, stopping).ConfigureAwait(false);
        }
        catch (ScrapeException problem)
        {
            (error, errorLine) = (problem.Message, problem.Line);
            Count(problem);
            AppendFailure(time, problem.Cause, _appender.Counts with { SeriesAdded = 0 }, started);
        }
        catch (StoreUnavailableException problem)
        {
            error = problem.Message;
            ScrapeLog.StoreUnavailable(_context.Logger, Target.UrlText, Settings.Config.JobName, problem.Message);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            error = failure.Message;
            ScrapeLog.LoopFailed(_context.Logger, failure, Target.UrlText, Settings.Config.JobName);
        }
        var health = error.Length == 0 ? TargetHealth.Up : TargetHealth.Down;
        Outcome = new ScrapeOutcome(time, _context.Clock.GetElapsedTime(started), health, error, errorLine);
        if (counts.Duplicates > 0) ScrapeLog.Duplicates(_context.Logger, counts.Duplicates, Target.UrlText, Settings.Config.JobName);
    }

    /// <summary>Takes over settings given since the last scrape. Other labelling rules mean other series: those of before may end.</summary>
    void UseSettings()
    {
        var config = Settings.Config;
        if (ReferenceEquals(config, _appenderConfig)) return;
        if (SampleLabeller.SameRules(config, _appenderConfig))
        {
            _labeller.Config = _appenderConfig = config;
            return;
        }
        var series = _appender.TakeSeries();
        _appenderConfig = config;
        _labeller = new SampleLabeller(Target.Labels, config);
        _appender = new PageAppender(_context.Sink, _labeller, _zeros);
        _appender.Adopt(series);
    }

    async ValueTask<PageCounts> FetchAndAppendAsync(DateTimeOffset time, long started, CancellationToken stopping)
    {
        _appender.ResetCounts();
        var settings = Settings;
        for (; !settings.Fetcher.TryUse(); settings = Settings)
            stopping.ThrowIfCancellationRequested(); // a closed fetcher has been replaced, or this loop removed
        using var page = await FetchAsync(settings, stopping).ConfigureAwait(false);
        _lastBodyBytes = page.Length;

        // An empty page is an empty page in every format, but its type must be one.
        var format = FormatOf(page.ContentType, settings.Config);
        if (page.Length == 0) format = ExpositionFormat.Text;

        long timeMs = time.ToUnixTimeMilliseconds();
        long readFrom = Stopwatch.GetTimestamp();
        var result = AppendPage(page.Bytes, format, timeMs, started);
        if (result.UnknownSeries > 0)
        {
            // The store has dropped series that were quiet for it (deleted, compacted away): resolve all once more.
            _appender.ForgetReferences();
            Array.Clear(_reports);
            result = AppendPage(page.Bytes, format, timeMs, started);
        }
        _isHeavy = Stopwatch.GetElapsedTime(readFrom) > LightWorkMax;
        Count(result, _appender.Counts);
        return _appender.Counts with { Duplicates = _appender.Counts.Duplicates + result.DuplicateTimestamp };
    }

    ExpositionFormat FormatOf(string? contentType, ScrapeConfig config)
    {
        if (contentType is not null && ReferenceEquals(contentType, _lastType) && ReferenceEquals(config, _lastTypeConfig)) return _lastFormat;
        ScrapeProtocol? fallback = ScrapeProtocols.TryParse(config.FallbackScrapeProtocol, out var named) ? named : null;
        if (ScrapeProtocols.Choose(contentType, fallback, out var format) is { } problem) throw new ScrapeException(problem);
        (_lastType, _lastTypeConfig, _lastFormat) = (contentType, config, format);
        return format;
    }

    async ValueTask<FetchedPage> FetchAsync(ScrapeSettings settings, CancellationToken stopping)
    {
        try
        {
            if (settings.ForcedError is { } forced) throw new ScrapeException(forced) { Cause = ScrapeFailure.TargetLimit };
            return await settings.Fetcher.FetchAsync(Target, _connection, _lastBodyBytes + PageSlackBytes, _context.Clock, stopping)
                .ConfigureAwait(false);
        }
        finally
        {
            settings.Fetcher.Release();
        }
    }

    AppendResult AppendPage(ReadOnlySpan<byte> page, ExpositionFormat format, long timeMs, long started)
    {
        _batch.Clear();
        _appender.Read(page, format, timeMs, _batch);
        if (_zeros is { Count: > 0 }) _context.Sink.Append(_zeros);
        Report(timeMs, up: true, ScrapeFailure.Other, _appender.Counts, started);
        return _context.Sink.Append(_batch);
    }

    void AppendFailure(DateTimeOffset time, ScrapeFailure cause, in PageCounts counts, long started)
    {
        try
        {
            long timeMs = time.ToUnixTimeMilliseconds();
            _batch.Clear();
            _appender.MarkAllStale(timeMs, _batch);
            Report(timeMs, up: false, cause, counts, started);
            var result = _context.Sink.Append(_batch);
            if (result.UnknownSeries > 0) Array.Clear(_reports);
        }
        catch (StoreUnavailableException problem)
        {
            ScrapeLog.StoreUnavailable(_context.Logger, Target.UrlText, Settings.Config.JobName, problem.Message);
        }
        catch (SeriesLimitException problem)
        {
            ScrapeLog.StoreUnavailable(_context.Logger, Target.UrlText, Settings.Config.JobName, problem.Message);
        }
    }

    void Report(long timeMs, bool up, ScrapeFailure cause, in PageCounts counts, long started)
    {
        var config = Settings.Config;
        int reports = config.ExtraScrapeMetrics ? ReportNames.Length : ReportsWithoutExtra;
        for (int i = 0; i < reports; i++)
        {
            if (!_reports[i].IsValid && !_context.Sink.TryResolve(_labeller.ReportLabels(ReportNames[i]), out _reports[i], out _)) continue;
            _batch.Add(_reports[i], timeMs, i switch
            {
                0 => up ? 1 : 0,
                1 => _context.Clock.GetElapsedTime(started).TotalSeconds,
                2 => counts.Scraped,
                3 => counts.Kept,
                4 => counts.SeriesAdded,
                5 => Target.Timeout.TotalSeconds,
                6 => config.Limits.SamplesMax,
                _ => cause == ScrapeFailure.BodySize ? -1 : up ? _lastBodyBytes : 0,
            });
        }
    }

    /// <summary>
    /// As in Prometheus: the target may only have moved, so wait until a successor would have been scraped, then mark at the time of the
    /// first missed turn; where the series lives on, its newer samples make that marker out of order, and it is refused.
    /// </summary>
    async Task MarkEndOfRunAsync(PeriodicTimer timer, CancellationToken shutdown)
    {
        try
        {
            await timer.WaitForNextTickAsync(shutdown).ConfigureAwait(false);
            var clock = _context.Clock;
            long timeMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
            await timer.WaitForNextTickAsync(shutdown).ConfigureAwait(false);
            await Task.Delay(Target.Interval / 10, clock, shutdown).ConfigureAwait(false);
            _batch.Clear();
            _appender.MarkAllStale(timeMs, _batch);
            foreach (var report in _reports)
                if (report.IsValid) _batch.Add(report, timeMs, StaleMarker.Value);
            _context.Sink.Append(_batch);
        }
        catch (OperationCanceledException)
        {
            // Shutting down: the target will be there after the restart.
        }
        catch (StoreUnavailableException problem)
        {
            ScrapeLog.StoreUnavailable(_context.Logger, Target.UrlText, Settings.Config.JobName, problem.Message);
        }
    }

    void Count(ScrapeException problem)
    {
        string job = Settings.Config.JobName;
        if (problem.Line > 0) ScrapeLog.PageMalformed(_context.Logger, Target.UrlText, job, problem.Line, problem.Message);
        else ScrapeLog.ScrapeFailed(_context.Logger, Target.UrlText, job, problem.Message);
        switch (problem.Cause)
        {
            case ScrapeFailure.BodySize: _context.Metrics.BodySizeExceeded.Add(1); break;
            case ScrapeFailure.SampleLimit: _context.Metrics.SampleLimitExceeded.Add(1); break;
            case ScrapeFailure.LabelLimit: _context.Metrics.LabelLimitExceeded.Add(1); break;
        }
    }

    void Count(in AppendResult result, in PageCounts counts)
    {
        var metrics = _context.Metrics;
        string job = Settings.Config.JobName;
        int duplicates = result.DuplicateTimestamp + counts.Duplicates, outOfBounds = result.TooOld + counts.OutOfBounds;
        if (duplicates > 0) metrics.Duplicates.Add(duplicates);
        if (outOfBounds > 0)
        {
            metrics.OutOfBounds.Add(outOfBounds);
            ScrapeLog.OutOfBounds(_context.Logger, outOfBounds, Target.UrlText, job);
        }
        if (result.OutOfOrder > 0)
        {
            metrics.OutOfOrder.Add(result.OutOfOrder);
            ScrapeLog.OutOfOrder(_context.Logger, result.OutOfOrder, Target.UrlText, job);
        }
        if (counts.RefusedBySeriesLimit == 0) return;
        metrics.SeriesRefused.Add(counts.RefusedBySeriesLimit);
        ScrapeLog.SeriesRefused(_context.Logger, counts.RefusedBySeriesLimit, Target.UrlText, job);
    }
}
