using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Configuration.Http;
using Vigie.Model;
using Vigie.Storage;

namespace Vigie.Alerting;

/// <summary>
/// The embedded Alertmanager: takes alerts in, groups them by the routing tree, mutes, and notifies receivers. Its state survives reloads and
/// the death of the process. Safe for concurrent use.
/// </summary>
/// <remarks>Behaviour: https://prometheus.io/docs/alerting/latest/alertmanager/ and docs/configuration.md of Alertmanager.</remarks>
public sealed partial class AlertmanagerService : IAlertSink, IDisposable
{
    /// <summary>How often empty groups are dropped and the state is tidied.</summary>
    static readonly TimeSpan s_tidyInterval = TimeSpan.FromSeconds(30);

    readonly AlertmanagerOptions _options;
    readonly TimeProvider _clock;
    readonly AlertingMetrics _metrics = new();
    readonly AlertingServices _services;
    readonly AlertStore _alerts;
    readonly SilenceStore _silences;
    readonly NotificationLog _log;
    readonly AlertingState _state;
    readonly ITimer _tidyTimer;
    /// <summary>Held while a configuration is put in place, so that no alert falls between the old one and the new one.</summary>
    readonly Lock _applying = new();
    volatile Installation _installed;
    DateTimeOffset _lastAlertGc;

    AlertmanagerService(AlertmanagerOptions options, AlertmanagerConfig config, IConfigFiles configFiles, IFileSystem files, TimeProvider clock, ILogger logger)
    {
        _options = options;
        _clock = clock;
        _services = new AlertingServices(logger, _metrics, options.Random);
        _alerts = new AlertStore(options.AlertsMax);
        var restored = new List<object>();
        _state = AlertingState.Open(files, options.Directory, logger, restored.Add);
        _silences = new SilenceStore(_state, clock, options.SilencesMax);
        _log = new NotificationLog(_state, options.Retention);
        Restore(restored);
        StartedAt = _lastAlertGc = clock.GetUtcNow();
        _installed = Install(config, configFiles);
        _tidyTimer = clock.CreateTimer(static service => ((AlertmanagerService)service!).Tidy(), this, s_tidyInterval, s_tidyInterval);
        _metrics.Observe(CountAlerts, CountSilences, () => _installed.Dispatcher.Groups.Count, () => _log.Count);
    }

    /// <summary>Opens the state in <see cref="AlertmanagerOptions.Directory"/> and starts on a configuration.</summary>
    /// <param name="configFiles">Template files and secrets that the configuration names.</param>
    public static AlertmanagerService Open(
        AlertmanagerOptions options, AlertmanagerConfig config, IConfigFiles configFiles, IFileSystem files, TimeProvider clock, ILogger logger) =>
        new(options, config, configFiles, files, clock, logger);

    /// <summary>The configuration in force.</summary>
    public AlertmanagerConfig Config => _installed.Config;

    /// <summary>When the service started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Puts another configuration in force. Alerts, silences and what was notified stay; groups begin anew.</summary>
    public void Apply(AlertmanagerConfig config, IConfigFiles configFiles)
    {
        lock (_applying)
        {
            var old = _installed;
            // The one it was opened with, handed to all parts of the server once more at start.
            if (ReferenceEquals(config, old.Config)) return;
            _installed = Install(config, configFiles);
            old.Dispose();
        }
    }

    /// <summary>Takes alerts from rules. They are accepted, and on disk, when it returns.</summary>
    public ValueTask SendAsync(IReadOnlyList<Alert> alerts, CancellationToken cancellation)
    {
        foreach (var alert in alerts)
            Receive(new ReceivedAlert(alert.Labels, alert.Annotations, alert.StartsAt, alert.EndsAt, alert.GeneratorUrl));
        return ValueTask.CompletedTask;
    }

    /// <summary>Takes an alert in.</summary>
    /// <returns>Null, or why it is not valid, in Alertmanager's words.</returns>
    public string? Receive(ReceivedAlert received)
    {
        var now = _clock.GetUtcNow();
        bool endsByTimeout = received.EndsAt is null;
        var starts = received.StartsAt ?? received.EndsAt ?? now;
        var ends = received.EndsAt ?? now + _installed.Config.Global.ResolveTimeout;
        _metrics.Received(isResolved: ends <= now);
        string? problem = received.Labels.Count == 0 ? "at least one label pair required" : ends < starts ? "start time must be before end time" : null;
        if (problem is not null)
        {
            _metrics.Invalid();
            return problem;
        }
        lock (_applying)
        {
            var alert = _alerts.Put(
                new ActiveAlert(received.Labels, received.Annotations, starts, ends, endsByTimeout, now, received.GeneratorUrl), now);
            if (alert is null)
            {
                _services.Logger.LogAlertRefused(_options.AlertsMax, received.Labels.ToString());
                return $"too many alerts: the limit is {_options.AlertsMax}";
            }
            _state.Write(alert);
            _installed.Inhibitor.Add(alert);
            _installed.Dispatcher.Process(alert);
        }
        return null;
    }

    public void Dispose()
    {
        _tidyTimer.Dispose();
        _installed.Dispose();
        _metrics.Dispose();
        _state.Dispose();
    }

    void Restore(List<object> records)
    {
        var now = _clock.GetUtcNow();
        foreach (object record in records)
        {
            switch (record)
            {
                case ActiveAlert alert: _alerts.Restore(alert); break;
                case Silence silence: _silences.Restore(silence); break;
                case NotificationLogEntry entry: _log.Restore(entry); break;
            }
        }
        _silences.RemoveEnded(now - _options.Retention);
        _log.RemoveExpired(now);
        // An alert that ended long ago was told of, or its group's entry in the log is gone too.
        _alerts.RemoveResolved(now - _options.Retention);
        _state.Rewrite(_alerts.Snapshot, _silences.Snapshot, _log.Snapshot);
        if (records.Count > 0) _services.Logger.LogStateRead(_alerts.Count, _silences.Snapshot().Count(), _log.Count);
    }

    Installation Install(AlertmanagerConfig config, IConfigFiles configFiles)
    {
        var handlers = _options.HttpHandlers ?? (client => HttpHandlers.Create(client, configFiles, _clock));
        var templates = TemplateFiles.Load(config.Templates, configFiles, _services.Logger);
        var context = new IntegrationContext(_options.ExternalUrl, templates, configFiles, handlers, _clock, _services);
        var receivers = config.Receivers.ToDictionary(static receiver => receiver.Name, receiver => new Receiver(receiver, context), StringComparer.Ordinal);
        var inhibitor = new Inhibitor(config.InhibitRules);
        var intervals = new TimeIntervalSet(config.TimeIntervals);
        var pipeline = new NotificationPipeline(inhibitor, intervals, _silences, _log, _clock, _services);
        var root = Route.Build(config.Route);
        var dispatcher = new Dispatcher(root, name => pipeline.For(receivers[name]), _clock, _services);
        foreach (var alert in _alerts.Snapshot())
        {
            inhibitor.Add(alert);
            dispatcher.Process(alert);
        }
        _services.Logger.LogApplied(root.Walk().Count(), receivers.Count);
        return new Installation(config, root, receivers, inhibitor, intervals, dispatcher);
    }

    void Tidy()
    {
        var now = _clock.GetUtcNow();
        _installed.Dispatcher.RemoveEmptyGroups();
        _silences.RemoveEnded(now - _options.Retention);
        _log.RemoveExpired(now);
        if (now - _lastAlertGc >= _options.AlertGcInterval)
        {
            _lastAlertGc = now;
            foreach (var alert in _alerts.RemoveResolved(now)) _installed.Inhibitor.Remove(alert);
        }
        if (_state.WantsRewrite) _state.Rewrite(_alerts.Snapshot, _silences.Snapshot, _log.Snapshot);
        else _state.Sync();
    }

    IEnumerable<Measurement<long>> CountAlerts()
    {
        var now = _clock.GetUtcNow();
        long suppressed = 0, active = 0;
        foreach (var alert in _alerts.Snapshot())
        {
            if (alert.IsResolvedAt(now)) continue;
            bool muted = _silences.Muting(alert.Labels, now).Count > 0 || _installed.Inhibitor.SourceMuting(alert.Labels, now) is not null;
            if (muted) suppressed++;
            else active++;
        }
        return [State(active, "active"), State(suppressed, "suppressed"), State(0, "unprocessed")];
    }

    IEnumerable<Measurement<long>> CountSilences()
    {
        var now = _clock.GetUtcNow();
        var states = _silences.Snapshot().CountBy(silence => silence.StateAt(now)).ToDictionary();
        return [.. Enum.GetValues<SilenceState>().Select(state => State(states.GetValueOrDefault(state), state.ToString().ToLowerInvariant()))];
    }

    static Measurement<long> State(long count, string state) => new(count, new KeyValuePair<string, object?>("state", state));

    /// <summary>All that is made from one configuration.</summary>
    sealed record Installation(
        AlertmanagerConfig Config, Route Root, IReadOnlyDictionary<string, Receiver> Receivers, Inhibitor Inhibitor, TimeIntervalSet Intervals,
        Dispatcher Dispatcher) : IDisposable
    {
        /// <summary>Stops the groups, then closes the connections of the receivers.</summary>
        public void Dispose()
        {
            Dispatcher.Dispose();
            foreach (var receiver in Receivers.Values) receiver.Dispose();
        }
    }
}
