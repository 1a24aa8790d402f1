using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>A group on its way through the stages. Stages hand on a copy with fewer alerts. Immutable.</summary>
/// <param name="GroupKey">Names route and group: <c>{}/{team="a"}:{alertname="x"}</c>.</param>
/// <param name="Now">The moment of the flush; all stages judge by it.</param>
sealed record Notification(string GroupKey, Labels GroupLabels, RouteOptions Route, DateTimeOffset Now, IReadOnlyList<NotificationAlert> Alerts)
{
    /// <summary>Why it is sent; set by the dedup stage.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The group is being stopped, by a reload or the end of the process: not a failure.</summary>
    public CancellationToken Stopping { get; init; }

    public IEnumerable<NotificationAlert> Firing => Alerts.Where(static alert => !alert.IsResolved);
    public IEnumerable<NotificationAlert> Resolved => Alerts.Where(static alert => alert.IsResolved);
}

/// <summary>Why a notification is sent, in Alertmanager's words.</summary>
static class NotificationReason
{
    public const string First = "first notification";
    public const string NewAlerts = "new alerts added";
    public const string AllResolved = "all alerts resolved";
    public const string SomeResolved = "some alerts resolved";
    public const string Repeat = "repeat interval elapsed";
}
