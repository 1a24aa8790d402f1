using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>
/// Alerts that wait for one Alertmanager: of each only the newest state. Bounded; when it is full the oldest go, for rules send their alerts
/// again. Safe for concurrent use.
/// </summary>
sealed class AlertQueue(int alertsMax)
{
    readonly Lock _lock = new();
    readonly OrderedDictionary<Labels, Alert> _alerts = [];

    public int Count
    {
        get
        {
            lock (_lock) return _alerts.Count;
        }
    }

    /// <returns>How many alerts had to go.</returns>
    public int Add(IEnumerable<Alert> alerts)
    {
        lock (_lock)
        {
            int dropped = 0;
            foreach (var alert in alerts)
            {
                _alerts.Remove(alert.Labels);
                _alerts.Add(alert.Labels, alert);
                if (_alerts.Count <= alertsMax) continue;
                _alerts.RemoveAt(0);
                dropped++;
            }
            return dropped;
        }
    }

    /// <summary>Takes the oldest alerts out.</summary>
    public IReadOnlyList<Alert> Take(int countMax)
    {
        lock (_lock)
        {
            Alert[] taken = [.. _alerts.Values.Take(countMax)];
            foreach (var alert in taken) _alerts.Remove(alert.Labels);
            return taken;
        }
    }

    /// <summary>Puts back what could not be sent, unless something newer has come.</summary>
    public void PutBack(IReadOnlyList<Alert> alerts)
    {
        lock (_lock)
        {
            for (int i = alerts.Count - 1; i >= 0; i--)
                if (_alerts.Count < alertsMax && !_alerts.ContainsKey(alerts[i].Labels)) _alerts.Insert(0, alerts[i].Labels, alerts[i]);
        }
    }
}
