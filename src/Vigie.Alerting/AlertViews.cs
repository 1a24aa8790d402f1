using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>An alert with what became of it.</summary>
/// <param name="Receivers">Names of the receivers its routes lead to.</param>
/// <param name="SilencedBy">Ids of silences.</param>
/// <param name="InhibitedBy">Fingerprints of alerts.</param>
/// <param name="MutedBy">Names of time intervals; only known in a group.</param>
public sealed record AlertView(
    Labels Labels, Labels Annotations, DateTimeOffset StartsAt, DateTimeOffset EndsAt, DateTimeOffset UpdatedAt, string GeneratorUrl,
    IReadOnlyList<string> Receivers, IReadOnlyList<string> SilencedBy, IReadOnlyList<string> InhibitedBy, IReadOnlyList<string> MutedBy)
{
    public string Fingerprint => AlertFingerprint.Of(Labels);

    /// <summary>suppressed or active.</summary>
    public string State => SilencedBy.Count + InhibitedBy.Count + MutedBy.Count > 0 ? "suppressed" : "active";
}

/// <param name="Key">Route and group labels, as in notifications.</param>
public sealed record AlertGroupView(string Key, Labels Labels, string Receiver, IReadOnlyList<AlertView> Alerts);

public sealed record SilenceView(Silence Silence, SilenceState State);

public sealed record ReceiverView(string Name, Labels Labels);

/// <summary>Which alerts a question is about; the defaults take all.</summary>
public sealed record AlertFilter
{
    public static AlertFilter All { get; } = new();

    /// <summary>All must match the alert's labels.</summary>
    public IReadOnlyList<LabelMatcher> Matchers { get; init; } = [];

    /// <summary>The name of one of the alert's receivers must match; null for any.</summary>
    public AnchoredRegex? Receiver { get; init; }

    /// <summary>Take alerts that nothing suppresses.</summary>
    public bool Active { get; init; } = true;

    public bool Silenced { get; init; } = true;
    public bool Inhibited { get; init; } = true;

    /// <summary>Take alerts that a time interval mutes.</summary>
    public bool Muted { get; init; } = true;

    internal bool MatchesLabels(Labels labels) => Matchers.All(matcher => matcher.Matches(labels));

    internal bool MatchesReceiver(IReadOnlyList<string> receivers) => Receiver is null || receivers.Any(Receiver.IsMatch);

    internal bool MatchesState(AlertView alert) =>
        (Active || alert.State != "active")
        && (Silenced || alert.SilencedBy.Count == 0)
        && (Inhibited || alert.InhibitedBy.Count == 0)
        && (Muted || alert.MutedBy.Count == 0);
}
