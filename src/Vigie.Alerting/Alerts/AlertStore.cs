using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>All alerts the service knows, by labels. Safe for concurrent use.</summary>
/// <param name="alertsMax">Most alerts to hold.</param>
sealed class AlertStore(int alertsMax)
{
    readonly Lock _lock = new();
    readonly Dictionary<Labels, ActiveAlert> _alerts = [];

    public int Count
    {
        get
        {
            lock (_lock) return _alerts.Count;
        }
    }

    /// <summary>Takes an alert in, merged with what is known of it.</summary>
    /// <returns>The alert as it is known now; null if the store is full and it is a new one.</returns>
    public ActiveAlert? Put(ActiveAlert alert, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_alerts.TryGetValue(alert.Labels, out var known)) alert = known.UpdatedBy(alert, now);
            else if (_alerts.Count >= alertsMax) return null;
            return _alerts[alert.Labels] = alert;
        }
    }

    /// <summary>Puts back an alert that was saved.</summary>
    public void Restore(ActiveAlert alert)
    {
        lock (_lock) _alerts[alert.Labels] = alert;
    }

    public IReadOnlyList<ActiveAlert> Snapshot()
    {
        lock (_lock) return [.. _alerts.Values];
    }

    /// <summary>Forgets alerts that resolved before a moment.</summary>
    public IReadOnlyList<ActiveAlert> RemoveResolved(DateTimeOffset before)
    {
        lock (_lock)
        {
            ActiveAlert[] gone = [.. _alerts.Values.Where(alert => alert.IsResolvedAt(before))];
            foreach (var alert in gone) _alerts.Remove(alert.Labels);
            return gone;
        }
    }
}
