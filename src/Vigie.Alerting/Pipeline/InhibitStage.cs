namespace Vigie.Alerting;

/// <summary>Takes out alerts that others mute.</summary>
sealed class InhibitStage(Inhibitor inhibitor, AlertingServices services) : INotifyStage
{
    public Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        NotificationAlert[] left = [.. notification.Alerts.Where(alert => inhibitor.SourceMuting(alert.Labels, notification.Now) is null)];
        if (left.Length < notification.Alerts.Count) services.Metrics.Suppressed("inhibition", notification.Alerts.Count - left.Length);
        return Task.FromResult<Notification?>(notification with { Alerts = left });
    }
}
