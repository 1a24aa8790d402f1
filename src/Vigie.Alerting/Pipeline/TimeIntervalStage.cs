namespace Vigie.Alerting;

/// <summary>Ends the notification of a route that is mute at this time.</summary>
sealed class TimeIntervalStage(TimeIntervalSet intervals, AlertingServices services) : INotifyStage
{
    public Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        if (intervals.Muting(notification.Route, notification.Now).Count == 0) return Task.FromResult<Notification?>(notification);
        bool isActive = notification.Route.ActiveTimeIntervals.Count > 0;
        services.Metrics.Suppressed(isActive ? "active_time_interval" : "mute_time_interval", notification.Alerts.Count);
        return Task.FromResult<Notification?>(null);
    }
}
