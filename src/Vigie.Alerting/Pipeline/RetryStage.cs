using System.Diagnostics;

namespace Vigie.Alerting;

/// <summary>
/// Delivers, again and again while the failure may pass, until the flush of the group runs out of time (Alertmanager, notify.RetryStage).
/// </summary>
sealed class RetryStage(Integration integration, TimeProvider clock, AlertingServices services) : INotifyStage
{
    static readonly TimeSpan s_firstWait = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan s_waitMax = TimeSpan.FromMinutes(1);

    public async Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation)
    {
        var sent = notification;
        if (!integration.SendsResolved)
        {
            sent = notification with { Alerts = [.. notification.Firing] };
            // Counts as delivered, so that the log learns of the end.
            if (sent.Alerts.Count == 0) return notification;
        }
        services.Metrics.Notified(integration.Kind);
        var backoff = new Backoff(s_firstWait, s_waitMax, services.Random);
        string? lastProblem = null;
        for (int attempt = 1; ; attempt++)
        {
            long started = clock.GetTimestamp();
            var outcome = await AttemptAsync(sent, cancellation);
            if (outcome.IsDelivered)
            {
                services.Logger.LogNotified(integration.Id, notification.GroupKey, sent.Alerts.Count, attempt);
                return notification;
            }
            // What was not delivered is taken up by the next groups, from the state on disk.
            notification.Stopping.ThrowIfCancellationRequested();
            string problem = outcome.Problem!;
            if (outcome.MayPass && !cancellation.IsCancellationRequested)
            {
                if (problem != lastProblem) services.Logger.LogNotificationRetried(integration.Id, notification.GroupKey, problem);
                lastProblem = problem;
                try
                {
                    // Counted from the start of the attempt: one that timed out has waited already.
                    var wait = outcome.RetryAfter ?? backoff.Next() - clock.GetElapsedTime(started);
                    if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellation);
                    continue;
                }
                catch (OperationCanceledException) when (!notification.Stopping.IsCancellationRequested)
                {
                    problem = "no success in time; last: " + problem;
                }
            }
            services.Metrics.NotificationFailed(integration.Kind, outcome.Reason);
            services.Logger.LogNotificationFailed(integration.Id, notification.GroupKey, attempt, sent.Alerts.Count, problem);
            throw new NotificationException($"{integration.Id}: {problem}", outcome.Reason);
        }
    }

    async Task<NotifyOutcome> AttemptAsync(Notification notification, CancellationToken cancellation)
    {
        long started = clock.GetTimestamp();
        NotifyOutcome outcome;
        try
        {
            outcome = await integration.NotifyAsync(notification, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            outcome = NotifyOutcome.Failed("cancelled: the next flush of the group is due", NotifyOutcome.DeadlineReason, mayPass: true);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // Whatever goes wrong inside an integration must not take the alert with it.
            outcome = NotifyOutcome.Failed($"{problem.GetType().Name}: {problem.Message}", NotifyOutcome.OtherReason, mayPass: true);
        }
        services.Metrics.Requested(integration.Kind, clock.GetElapsedTime(started), !outcome.IsDelivered);
        return outcome;
    }
}
