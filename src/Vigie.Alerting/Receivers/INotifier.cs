namespace Vigie.Alerting;

/// <summary>Delivers notifications to one kind of service. A new kind is a file, its test, and a line in <see cref="NotifierRegistry"/>.</summary>
interface INotifier : IDisposable
{
    /// <summary>The templates of its messages by their keys in the configuration, to be checked when it is loaded.</summary>
    IEnumerable<(string Field, string Template)> Templates { get; }

    /// <summary>Makes one attempt.</summary>
    Task<NotifyOutcome> NotifyAsync(NotificationMessage message, CancellationToken cancellation);
}
