namespace Vigie.Alerting;

/// <summary>Delivers notifications to one kind of service. A new kind is a file, its test, and a line in <see cref="NotifierRegistry"/>.</summary>
interface INotifier : IDisposable
{
    /// <summary>Makes one attempt.</summary>
    Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation);
}
