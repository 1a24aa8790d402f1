using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>An alert the service holds. Its identity is its labels. Immutable.</summary>
/// <param name="EndsAt">When it resolved, or will if it is not sent again.</param>
/// <param name="EndsByTimeout">The end was not given but is the resolve timeout.</param>
/// <param name="UpdatedAt">When it was last received.</param>
sealed record ActiveAlert(
    Labels Labels, Labels Annotations, DateTimeOffset StartsAt, DateTimeOffset EndsAt, bool EndsByTimeout, DateTimeOffset UpdatedAt,
    string GeneratorUrl)
{
    public bool IsResolvedAt(DateTimeOffset moment) => EndsAt <= moment;

    /// <summary>
    /// What is known after <paramref name="newer"/> arrived. Alerts that overlap in time are one incident: the earliest start stays, an
    /// explicit end beats a timeout, the latest explicit end wins (Alertmanager, types.Alert.Merge).
    /// </summary>
    public ActiveAlert UpdatedBy(ActiveAlert newer, DateTimeOffset now)
    {
        bool overlaps = (newer.EndsAt > StartsAt && newer.EndsAt < EndsAt) || (newer.StartsAt > StartsAt && newer.StartsAt < EndsAt);
        if (!overlaps) return newer;
        if (newer.UpdatedAt < UpdatedAt) return newer.UpdatedBy(this, now);
        var starts = StartsAt < newer.StartsAt ? StartsAt : newer.StartsAt;
        bool keepsEnd = EndsAt > newer.EndsAt && (newer.IsResolvedAt(now) ? IsResolvedAt(now) : !EndsByTimeout);
        return newer with { StartsAt = starts, EndsAt = keepsEnd ? EndsAt : newer.EndsAt };
    }

    /// <summary>The order of alerts in notifications: by job, instance, then all labels; fewer labels first.</summary>
    public static int CompareForNotification(Labels left, Labels right)
    {
        foreach (string name in (ReadOnlySpan<string>)["job", "instance"])
        {
            bool hasLeft = left.TryGet(name, out string? a), hasRight = right.TryGet(name, out string? b);
            if (hasLeft != hasRight) return hasLeft ? -1 : 1;
            int order = hasLeft ? Labels.CompareText(a!, b!) : 0;
            if (order != 0) return order;
        }
        return left.Count != right.Count ? left.Count.CompareTo(right.Count) : left.CompareTo(right);
    }
}
