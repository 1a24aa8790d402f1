namespace Vigie.Alerting;

/// <summary>A step between a group and its receivers. Stages are shared by all groups and hold no state of one notification.</summary>
interface INotifyStage
{
    /// <returns>What goes on to the next stage; null if the notification ends here, which is not a failure.</returns>
    /// <exception cref="NotificationException">It could not be delivered.</exception>
    Task<Notification?> RunAsync(Notification notification, CancellationToken cancellation);
}

/// <summary>A notification was not delivered; the message says why, without secrets.</summary>
sealed class NotificationException(string message, string reason) : Exception(message)
{
    /// <summary>For the metric: clientError, serverError, contextDeadlineExceeded, contextCanceled or other.</summary>
    public string Reason => reason;
}
