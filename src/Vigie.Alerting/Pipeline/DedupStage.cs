namespace Vigie.Alerting;

/// <summary>Ends notifications that would tell the integration nothing new (Alertmanager, notify.DedupStage).</summary>
sealed class DedupStage(NotificationLog log, Integration integration) : INotifyStage
{
    public Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        var known = log.Find(new NotificationLogKey(notification.GroupKey, integration.Id));
        string? reason = ReasonToSend(known, notification);
        return Task.FromResult(reason is null ? null : notification with { Reason = reason });
    }

    string? ReasonToSend(NotificationLogEntry? known, Notification notification)
    {
        bool anyFiring = notification.Firing.Any();
        // Nobody was told of the group: alerts that came and went meanwhile are no news.
        if (known is null) return anyFiring ? NotificationReason.First : null;
        if (!notification.Firing.All(alert => known.Firing.Contains(alert.Labels.StableHash))) return NotificationReason.NewAlerts;
        // Also for integrations that do not send resolved alerts: the log must learn that nothing fires any more.
        if (!anyFiring) return known.Firing.Count > 0 ? NotificationReason.AllResolved : null;
        if (integration.SendsResolved && !notification.Resolved.All(alert => known.Resolved.Contains(alert.Labels.StableHash)))
            return NotificationReason.SomeResolved;
        return known.At < notification.Now - notification.Route.RepeatInterval ? NotificationReason.Repeat : null;
    }
}
