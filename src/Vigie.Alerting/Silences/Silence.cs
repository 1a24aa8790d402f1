using Vigie.Model;

namespace Vigie.Alerting;

public enum SilenceState
{
    /// <summary>Begins later.</summary>
    Pending,
    Active,
    Expired,
}

/// <summary>Mutes the alerts that match all of its matchers between two moments. Immutable.</summary>
/// <param name="Id">A UUID; "" for one that is not stored yet.</param>
public sealed record Silence(
    string Id, IReadOnlyList<LabelMatcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset UpdatedAt,
    string CreatedBy, string Comment)
{
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public SilenceState StateAt(DateTimeOffset moment) =>
        moment < StartsAt ? SilenceState.Pending : moment > EndsAt ? SilenceState.Expired : SilenceState.Active;

    public bool Matches(Labels labels)
    {
        foreach (var matcher in Matchers)
            if (!matcher.Matches(labels)) return false;
        return true;
    }

    /// <summary>Why it cannot be stored, in Alertmanager's words; null if it can.</summary>
    public string? Problem()
    {
        for (int i = 0; i < Matchers.Count; i++)
            if (Matchers[i].Name.Length == 0) return $"invalid label matcher {i} in set 0: invalid label name \"\"";
        if (Matchers.Count == 0) return "matcher set 0 is empty";
        if (Matchers.All(static matcher => matcher.MatchesAbsent)) return "matcher set 0: at least one matcher must not match the empty string";
        return EndsAt < StartsAt ? "end time must not be before start time" : null;
    }
}

/// <summary>A silence is refused; the message says why.</summary>
public sealed class SilenceException(string message, bool isUnknownId = false) : Exception(message)
{
    /// <summary>There is no silence of the given id.</summary>
    public bool IsUnknownId => isUnknownId;
}
