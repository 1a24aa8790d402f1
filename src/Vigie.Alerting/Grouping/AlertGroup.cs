using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// The alerts of one route that share their group labels, and the clock of their notifications: first after group_wait, then every
/// group_interval while there are alerts (Alertmanager, dispatch.aggrGroup). Safe for concurrent use.
/// </summary>
sealed class AlertGroup : IDisposable
{
    /// <summary>A flush may try this long even if the group interval is shorter.</summary>
    static readonly TimeSpan s_flushMin = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    readonly Dictionary<Labels, ActiveAlert> _alerts = [];
    readonly INotifyStage _pipeline;
    readonly TimeProvider _clock;
    readonly AlertingServices _services;
    readonly CancellationTokenSource _stopping = new();
    readonly ITimer _timer;
    /// <summary>The first alert has come and set the timer.</summary>
    bool _isWaiting;
    bool _hasFlushed;
    bool _isFlushing;
    bool _isDueAgain;

    public AlertGroup(Route route, Labels labels, INotifyStage pipeline, TimeProvider clock, AlertingServices services)
    {
        Route = route;
        Labels = labels;
        Key = route.Key + ":" + Text(labels);
        _pipeline = pipeline;
        _clock = clock;
        _services = services;
        _timer = clock.CreateTimer(static state => ((AlertGroup)state!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public Route Route { get; }
    public Labels Labels { get; }

    /// <summary>Names the group across restarts and reloads.</summary>
    public string Key { get; }

    public bool IsEmpty
    {
        get
        {
            lock (_lock) return _alerts.Count == 0 && !_isFlushing;
        }
    }

    public IReadOnlyList<ActiveAlert> Snapshot()
    {
        lock (_lock) return [.. _alerts.Values];
    }

    public void Insert(ActiveAlert alert)
    {
        lock (_lock)
        {
            _alerts[alert.Labels] = alert;
            // After a restart or reload the alert may have waited long enough already.
            if (!_hasFlushed && alert.StartsAt + Route.Options.GroupWait < _clock.GetUtcNow()) _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            else if (!_isWaiting) _timer.Change(Route.Options.GroupWait, Timeout.InfiniteTimeSpan);
            _isWaiting = true;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Cancel();
    }

    void OnTimer()
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested) return;
            _hasFlushed = true;
            _timer.Change(Route.Options.GroupInterval, Timeout.InfiniteTimeSpan);
            _isDueAgain = _isFlushing;
            if (_isFlushing) return;
            _isFlushing = true;
        }
        _ = FlushAsync();
    }

    async Task FlushAsync()
    {
        do
        {
            try
            {
                await FlushOnceAsync();
            }
            catch (Exception problem) when (problem is not OutOfMemoryException)
            {
                _services.Logger.LogFlushFailed(problem, Key);
            }
        }
        while (IsDueAgain());
    }

    bool IsDueAgain()
    {
        lock (_lock)
        {
            _isFlushing = _isDueAgain && !_stopping.IsCancellationRequested;
            _isDueAgain = false;
            return _isFlushing;
        }
    }

    async Task FlushOnceAsync()
    {
        var now = _clock.GetUtcNow();
        var alerts = Snapshot();
        if (alerts.Count == 0) return;
        // What is resolved is decided once, so that the stages agree.
        var sent = alerts.Select(alert => ForNotification(alert, now)).ToList();
        sent.Sort(static (a, b) => ActiveAlert.CompareForNotification(a.Labels, b.Labels));
        var timeout = Route.Options.GroupInterval > s_flushMin ? Route.Options.GroupInterval : s_flushMin;
        using var deadline = new CancellationTokenSource(timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, deadline.Token);
        try
        {
            await _pipeline.RunAsync(new Notification(Key, Labels, Route.Options, now, sent) { Stopping = _stopping.Token }, either.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return;
        }
        catch (NotificationException)
        {
            // Logged and counted where it happened; the alerts stay and are tried again at the next flush.
            return;
        }
        RemoveResolved(alerts, now);
    }

    static NotificationAlert ForNotification(ActiveAlert alert, DateTimeOffset now)
    {
        bool resolved = alert.IsResolvedAt(now);
        return new NotificationAlert(resolved, alert.Labels, alert.Annotations, alert.StartsAt, resolved ? alert.EndsAt : null, alert.GeneratorUrl);
    }

    /// <summary>Forgets resolved alerts that were told of, unless they changed meanwhile.</summary>
    void RemoveResolved(IReadOnlyList<ActiveAlert> flushed, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var alert in flushed)
                if (alert.IsResolvedAt(now) && _alerts.TryGetValue(alert.Labels, out var current) && ReferenceEquals(current, alert))
                    _alerts.Remove(alert.Labels);
        }
    }

    /// <summary>Group labels as they stand in group keys: names as they are, values quoted.</summary>
    static string Text(Labels labels) => "{" + string.Join(", ", labels.Select(static pair => pair.Name + "=" + GoText.Quote(pair.Value))) + "}";
}
