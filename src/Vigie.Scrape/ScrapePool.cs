using System.Diagnostics;
using System.Globalization;
using Vigie.Configuration.Prometheus;
using Vigie.Model;

namespace Vigie.Scrape;

/// <summary>
/// One scrape job: its discoveries, and a loop for each target they find. A new configuration is taken over without stopping the loops
/// whose target stays the same.
/// </summary>
sealed class ScrapePool(ScrapeContext context, CancellationToken shutdown)
{
    // Guarded by _lock: all fields below.
    readonly Lock _lock = new();
    readonly Dictionary<TargetDefinition, ScrapeLoop> _loops = [];
    readonly List<Task> _ending = [];
    ScrapeConfig _config = new() { JobName = "" };
    ScrapeSettings? _settings;
    Feed[] _feeds = [];
    CancellationTokenSource _discovery = new();
    IReadOnlyList<DroppedTarget> _dropped = [];
    IReadOnlyList<DiscoveryProblem> _invalid = [];
    int _droppedCount;
    bool _removed;

    /// <summary>What one discovery contributes.</summary>
    sealed record Feed(DiscoveryConfig Config, IReadOnlyList<TargetGroup> Groups, string? Problem);

    public string Name
    {
        get
        {
            lock (_lock) return _config.JobName;
        }
    }

    public void Apply(ScrapeConfig config)
    {
        lock (_lock)
        {
            _discovery.Cancel();
            _discovery = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
            var (before, fetcherBefore) = (_feeds, _settings?.Fetcher);
            _config = config;
            if (config.ScrapeFailureLogFile.Length > 0)
                ScrapeLog.OptionWithoutEffect(context.Logger, config.JobName, "scrape_failure_log_file");
            if (config.NativeHistogramMinBucketFactor > 0)
                ScrapeLog.OptionWithoutEffect(context.Logger, config.JobName, "native_histogram_min_bucket_factor");
            var fetcher = new PageFetcher(context.Options.CreateHandler(config.Http), config, context.Options);
            _settings = new ScrapeSettings(config, fetcher, null);
            // Until a discovery answers anew, what its predecessor at the same place found still holds.
            _feeds = [.. config.Discoveries.Select((discovery, i) =>
                new Feed(discovery, i < before.Length && before[i].Config.Kind == discovery.Kind ? before[i].Groups : [], null))];
            for (int i = 0; i < _feeds.Length; i++)
                StartDiscovery(i, Discoverers.Create(_feeds[i].Config, context.Options), _discovery.Token);
            Sync();
            fetcherBefore?.Release();
        }
    }

    /// <summary>The job is gone from the configuration: its series end.</summary>
    public void Remove()
    {
        lock (_lock)
        {
            _removed = true;
            _discovery.Cancel();
            foreach (var loop in _loops.Values) End(loop);
            _loops.Clear();
            _settings?.Fetcher.Release();
        }
    }

    /// <summary>Ends when all loops have; shut down first.</summary>
    public Task WaitAsync()
    {
        lock (_lock) return Task.WhenAll([.. _ending, .. _loops.Values.Select(static loop => loop.Completion)]);
    }

    public ScrapePoolSnapshot Snapshot()
    {
        lock (_lock)
        {
            var problems = new List<DiscoveryProblem>(_invalid);
            foreach (var feed in _feeds)
                if (feed.Problem is not null) problems.Add(new DiscoveryProblem(Discoverers.SourceOf(feed.Config), feed.Problem));
            return new ScrapePoolSnapshot(_config.JobName, [.. _loops.Values.Select(SnapshotOf)], _dropped, _droppedCount, problems);
        }
    }

    public (string Job, int Targets, long TargetLimit, int Metadata, int Discovered) Measure()
    {
        lock (_lock)
        {
            return (_config.JobName, _loops.Count, _config.Limits.TargetsMax, _loops.Values.Sum(static loop => loop.MetadataCount),
                _feeds.Sum(static feed => feed.Groups.Sum(static group => group.Targets.Count)));
        }
    }

    void StartDiscovery(int index, IDiscoverer discoverer, CancellationToken stopping)
    {
        string source = Discoverers.SourceOf(_feeds[index].Config);
        var first = FindAsync(discoverer, source, stopping);
        // Files and static lists answer at once: their targets are there when Apply returns.
        bool answered = first.IsCompletedSuccessfully;
        if (answered) SetFeed(index, first.Result);
        if (!answered || discoverer.RefreshInterval is not null)
            _ = RunDiscoveryAsync(index, discoverer, source, answered ? null : first, stopping);
    }

    async Task<Discovered> FindAsync(IDiscoverer discoverer, string source, CancellationToken stopping)
    {
        try
        {
            return await discoverer.FindAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            ScrapeLog.DiscoveryFailed(context.Logger, failure, source, Name);
            return new Discovered(null, failure.Message);
        }
    }

    async Task RunDiscoveryAsync(int index, IDiscoverer discoverer, string source, Task<Discovered>? first, CancellationToken stopping)
    {
        try
        {
            if (first is not null) Update(index, await first.ConfigureAwait(false), stopping);
            if (discoverer.RefreshInterval is not { } interval) return;
            using var timer = new PeriodicTimer(interval, context.Clock);
            while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                Update(index, await FindAsync(discoverer, source, stopping).ConfigureAwait(false), stopping);
        }
        catch (OperationCanceledException)
        {
            // The configuration changed, or the process ends.
        }
        finally
        {
            (discoverer as IDisposable)?.Dispose();
        }
    }

    void Update(int index, Discovered found, CancellationToken stopping)
    {
        lock (_lock)
        {
            if (stopping.IsCancellationRequested || _removed) return;
            var before = _feeds[index];
            SetFeed(index, found);
            if (!SameGroups(before.Groups, _feeds[index].Groups)) Sync();
        }
    }

    void SetFeed(int index, Discovered found)
    {
        var feed = _feeds[index];
        context.Metrics.DiscoveryUpdates.Add(1);
        if (found.Problem is { } problem && problem != feed.Problem)
        {
            context.Metrics.DiscoveryFailures.Add(1);
            ScrapeLog.DiscoveryProblem(context.Logger, Discoverers.SourceOf(feed.Config), _config.JobName, problem);
        }
        _feeds[index] = feed with { Groups = found.Groups ?? feed.Groups, Problem = found.Problem };
    }

    static bool SameGroups(IReadOnlyList<TargetGroup> left, IReadOnlyList<TargetGroup> right)
    {
        if (left.Count != right.Count) return false;
        for (int i = 0; i < left.Count; i++)
            if (!left[i].Labels.Equals(right[i].Labels) || !left[i].Targets.SequenceEqual(right[i].Targets)) return false;
        return true;
    }

    /// <summary>Makes the loops follow the discovered targets.</summary>
    void Sync()
    {
        long started = Stopwatch.GetTimestamp();
        var targets = new Dictionary<TargetDefinition, TargetDefinition>();
        var dropped = new List<DroppedTarget>();
        var invalid = new List<DiscoveryProblem>();
        _droppedCount = 0;
        long droppedMax = _config.Limits.DroppedTargetsKept > 0 ? _config.Limits.DroppedTargetsKept : long.MaxValue;
        foreach (var feed in _feeds)
        {
            foreach (var group in feed.Groups)
            {
                foreach (string address in group.Targets)
                {
                    var discovered = TargetBuilder.Discovered(_config, address, group.Labels);
                    var target = TargetBuilder.Build(_config, discovered, out string? problem);
                    if (target is not null) targets.TryAdd(target, target);
                    else if (problem is not null)
                    {
                        context.Metrics.SyncFailures.Add(1);
                        ScrapeLog.TargetInvalid(context.Logger, _config.JobName, problem, discovered.ToString());
                        invalid.Add(new DiscoveryProblem(Discoverers.SourceOf(feed.Config), $"target {GoText.Quote(address)}: {problem}"));
                    }
                    else if (++_droppedCount <= droppedMax) dropped.Add(new DroppedTarget(_config.JobName, discovered));
                }
            }
        }
        (_dropped, _invalid) = (dropped, invalid);
        CheckTargetLimit(targets.Count);

        foreach (var (target, loop) in _loops.ToArray())
        {
            if (targets.TryGetValue(target, out var again))
            {
                loop.Target = again;
                loop.Settings = _settings!;
            }
            else
            {
                End(loop);
                _loops.Remove(target);
            }
        }
        foreach (var target in targets.Keys)
        {
            if (_loops.ContainsKey(target)) continue;
            var loop = new ScrapeLoop(target, _settings!, context);
            _loops.Add(target, loop);
            loop.Start(shutdown);
        }
        _ending.RemoveAll(static task => task.IsCompleted);
        var job = new KeyValuePair<string, object?>("scrape_job", _config.JobName);
        context.Metrics.PoolSyncs.Add(1, job);
        context.Metrics.SyncLength.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, job);
    }

    void CheckTargetLimit(int targets)
    {
        long limit = _config.Limits.TargetsMax;
        string? error = null;
        if (limit > 0 && targets > limit)
        {
            error = string.Create(CultureInfo.InvariantCulture, $"target_limit exceeded (number of targets: {targets}, limit: {limit})");
            context.Metrics.TargetLimitExceeded.Add(1);
        }
        if (_settings!.ForcedError != error) _settings = _settings with { ForcedError = error };
    }

    void End(ScrapeLoop loop)
    {
        loop.Remove();
        _ending.Add(loop.Completion);
    }

    TargetSnapshot SnapshotOf(ScrapeLoop loop)
    {
        var (target, outcome) = (loop.Target, loop.Outcome);
        return new TargetSnapshot(
            _config.JobName, target.DiscoveredLabels, target.Labels, target.UrlText, GlobalUrlOf(target), outcome.Health, outcome.Error,
            outcome.ErrorLine, outcome.Health == TargetHealth.Unknown ? null : outcome.At, outcome.Duration, target.Interval,
                target.Timeout)
        {
            Metadata = loop.Metadata,
        };
    }

    string GlobalUrlOf(TargetDefinition target)
    {
        string host = target.Url.Host;
        if (host is not ("localhost" or "127.0.0.1" or "[::1]" or "::1")) return target.UrlText;
        int at = target.UrlText.IndexOf(host, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? target.UrlText : string.Concat(target.UrlText.AsSpan(0, at), context.Options.HostName,
            target.UrlText.AsSpan(at + host.Length));
    }
}
