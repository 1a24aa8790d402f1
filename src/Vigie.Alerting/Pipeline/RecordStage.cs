namespace Vigie.Alerting;

/// <summary>Writes what was delivered into the notification log.</summary>
sealed class RecordStage(NotificationLog log, Integration integration) : INotifyStage
{
    public Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        log.Record(
            new NotificationLogKey(notification.GroupKey, integration.Id),
            notification.Firing.Select(static alert => alert.Labels.StableHash).ToHashSet(),
            notification.Resolved.Select(static alert => alert.Labels.StableHash).ToHashSet(),
            notification.Now,
            notification.Route.RepeatInterval * 2);
        return Task.FromResult<Notification?>(notification);
    }
}
