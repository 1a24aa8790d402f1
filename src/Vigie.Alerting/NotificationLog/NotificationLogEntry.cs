namespace Vigie.Alerting;

/// <summary>What one integration of a receiver was last told about a group. Immutable.</summary>
/// <param name="Firing">Hashes of the labels of alerts it was told to be firing.</param>
/// <param name="Resolved">Those of resolved ones.</param>
/// <param name="ExpiresAt">When the entry may be forgotten.</param>
sealed record NotificationLogEntry(
    NotificationLogKey Key, IReadOnlySet<ulong> Firing, IReadOnlySet<ulong> Resolved, DateTimeOffset At, DateTimeOffset ExpiresAt);

/// <param name="Integration">receiver/kind/position.</param>
readonly record struct NotificationLogKey(string GroupKey, string Integration);
