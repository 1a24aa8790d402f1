namespace Vigie.Alerting;

/// <summary>Takes out alerts that are silenced.</summary>
sealed class SilenceStage(SilenceStore silences, AlertingServices services) : INotifyStage
{
    public Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        NotificationAlert[] left = [.. notification.Alerts.Where(alert => silences.Muting(alert.Labels, notification.Now).Count == 0)];
        if (left.Length < notification.Alerts.Count) services.Metrics.Suppressed("silence", notification.Alerts.Count - left.Length);
        return Task.FromResult<Notification?>(notification with { Alerts = left });
    }
}
