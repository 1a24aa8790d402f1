using System.Diagnostics.Metrics;

namespace Vigie.Alerting;

/// <summary>What sending to external Alertmanagers tells about itself, under the names of Prometheus' notifier.</summary>
sealed class SendingMetrics : IDisposable
{
    readonly Meter _meter = new(AlertingMetrics.MeterName);
    readonly Counter<long> _sent, _dropped, _errors;

    public SendingMetrics(Func<IEnumerable<Measurement<long>>> queueLength, Func<long> queueCapacity, Func<long> discovered)
    {
        _sent = _meter.CreateCounter<long>("prometheus_notifications_sent_total", "{alerts}", "Alerts sent to external Alertmanagers.");
        _dropped = _meter.CreateCounter<long>("prometheus_notifications_dropped_total", "{alerts}", "Alerts dropped on the way to external Alertmanagers.");
        _errors = _meter.CreateCounter<long>("prometheus_notifications_errors_total", "{alerts}", "Alerts that an external Alertmanager did not take.");
        _meter.CreateObservableGauge("prometheus_notifications_queue_length", queueLength, "{alerts}", "Alerts waiting for external Alertmanagers.");
        _meter.CreateObservableGauge("prometheus_notifications_queue_capacity", queueCapacity, "{alerts}", "Room of each queue.");
        _meter.CreateObservableGauge(
            "prometheus_notifications_alertmanagers_discovered", discovered, "{alertmanagers}", "External Alertmanagers that are known.");
    }

    public void Sent(string url, int alerts) => _sent.Add(alerts, Alertmanager(url));
    public void Dropped(string url, int alerts) => _dropped.Add(alerts, Alertmanager(url));
    public void Failed(string url, int alerts) => _errors.Add(alerts, Alertmanager(url));

    public void Dispose() => _meter.Dispose();

    internal static KeyValuePair<string, object?> Alertmanager(string url) => new("alertmanager", url);
}
