using Vigie.Model;

namespace Vigie.Rules;

/// <summary>An alert in the course of its life. Times are Unix milliseconds, null for "has not happened".</summary>
sealed class ActiveAlert(Labels labels, long activeAtMs)
{
    public Labels Labels { get; } = labels;
    public Labels Annotations { get; set; } = Labels.Empty;
    public AlertState State { get; set; } = AlertState.Pending;
    public double Value { get; set; }
    public long ActiveAtMs { get; set; } = activeAtMs;
    public long? FiredAtMs { get; set; }
    public long? ResolvedAtMs { get; set; }
    public long? LastSentAtMs { get; set; }
    public long? KeepFiringSinceMs { get; set; }

    /// <summary>A resolved alert once more after it resolved; a firing one as often as the delay says.</summary>
    public bool NeedsSending(long nowMs, long resendDelayMs)
    {
        if (State == AlertState.Pending) return false;
        if (LastSentAtMs is not { } sentAt || ResolvedAtMs > sentAt) return true;
        return sentAt + resendDelayMs < nowMs;
    }

    public AlertSnapshot Snapshot() => new(Labels, Annotations, State, Value, DateTimeOffset.FromUnixTimeMilliseconds(ActiveAtMs),
        KeepFiringSinceMs is { } since ? DateTimeOffset.FromUnixTimeMilliseconds(since) : null);
}
