using System.Diagnostics.Metrics;

namespace Vigie.Alerting;

/// <summary>What alerting tells about itself, under the names of Alertmanager.</summary>
sealed class AlertingMetrics : IDisposable
{
    public const string MeterName = "Vigie.Alerting";

    readonly Meter _meter = new(MeterName);
    readonly Counter<long> _received, _invalid, _notifications, _notificationsFailed, _requests, _requestsFailed, _suppressed, _templatesFailed;
    readonly Histogram<double> _latency;

    public AlertingMetrics()
    {
        _received = _meter.CreateCounter<long>("alertmanager_alerts_received_total", "{alerts}", "Alerts received.");
        _invalid = _meter.CreateCounter<long>("alertmanager_alerts_invalid_total", "{alerts}", "Alerts received that were invalid.");
        _notifications = _meter.CreateCounter<long>("alertmanager_notifications_total", "{notifications}", "Attempted notifications.");
        _notificationsFailed = _meter.CreateCounter<long>("alertmanager_notifications_failed_total", "{notifications}", "Failed notifications.");
        _requests = _meter.CreateCounter<long>("alertmanager_notification_requests_total", "{requests}", "Attempted notification requests.");
        _requestsFailed = _meter.CreateCounter<long>("alertmanager_notification_requests_failed_total", "{requests}", "Failed notification requests.");
        _suppressed = _meter.CreateCounter<long>(
            "alertmanager_notifications_suppressed_total", "{notifications}", "Notifications suppressed by a silence, an inhibition or a time interval.");
        _templatesFailed = _meter.CreateCounter<long>(
            "vigie_notification_template_failures_total", "{templates}", "Templates that failed and were replaced by the built-in text.");
        _latency = _meter.CreateHistogram(
            "alertmanager_notification_latency_seconds", "s", "Duration of notification requests.", [],
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 10, 15, 20] });
    }

    public void Received(bool isResolved) => _received.Add(1, new("status", isResolved ? "resolved" : "firing"), new("version", "v2"));
    public void Invalid() => _invalid.Add(1, new KeyValuePair<string, object?>("version", "v2"));
    public void Suppressed(string reason, int alerts) => _suppressed.Add(alerts, new KeyValuePair<string, object?>("reason", reason));
    public void TemplateFailed(string integration) => _templatesFailed.Add(1, Integration(integration));
    public void Notified(string integration) => _notifications.Add(1, Integration(integration));
    public void NotificationFailed(string integration, string reason) =>
        _notificationsFailed.Add(1, Integration(integration), new("reason", reason));

    /// <summary>Makes the counters of an integration that is configured visible before its first notification.</summary>
    public void Expect(string integration)
    {
        _notifications.Add(0, Integration(integration));
        _requests.Add(0, Integration(integration));
        _requestsFailed.Add(0, Integration(integration));
        foreach (string reason in (ReadOnlySpan<string>)[NotifyOutcome.ClientReason, NotifyOutcome.ServerReason, NotifyOutcome.DeadlineReason, NotifyOutcome.OtherReason])
            _notificationsFailed.Add(0, Integration(integration), new("reason", reason));
    }

    public void Requested(string integration, TimeSpan duration, bool failed)
    {
        _requests.Add(1, Integration(integration));
        if (failed) _requestsFailed.Add(1, Integration(integration));
        _latency.Record(duration.TotalSeconds, Integration(integration));
    }

    /// <summary>Adds the gauges that are read from the service when somebody asks.</summary>
    public void Observe(Func<IEnumerable<Measurement<long>>> alerts, Func<IEnumerable<Measurement<long>>> silences, Func<long> groups, Func<long> log)
    {
        _meter.CreateObservableGauge("alertmanager_alerts", alerts, "{alerts}", "Alerts by state.");
        _meter.CreateObservableGauge("alertmanager_silences", silences, "{silences}", "Silences by state.");
        _meter.CreateObservableGauge("alertmanager_dispatcher_aggregation_groups", groups, "{groups}", "Active aggregation groups.");
        _meter.CreateObservableGauge("vigie_notification_log_entries", log, "{entries}", "Entries of the notification log.");
    }

    public void Dispose() => _meter.Dispose();

    static KeyValuePair<string, object?> Integration(string kind) => new("integration", kind);
}
