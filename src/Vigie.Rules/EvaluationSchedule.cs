using Vigie.Model;

namespace Vigie.Rules;

/// <summary>
/// When a group is evaluated: every interval, at an offset that depends on file and name alone, so that groups spread over the interval and
/// keep their times over restarts.
/// </summary>
static class EvaluationSchedule
{
    /// <summary>The first time after <paramref name="nowMs"/>.</summary>
    public static long NextAfter(long nowMs, long intervalMs, string file, string group)
    {
        long offsetMs = (long)(Labels.Of(("file", file), ("name", group)).StableHash % (ulong)intervalMs);
        long sinceSlotMs = (nowMs - offsetMs) % intervalMs;
        if (sinceSlotMs < 0) sinceSlotMs += intervalMs;
        return nowMs - sinceSlotMs + intervalMs;
    }

    /// <summary>How many times were missed if the evaluation of <paramref name="timeMs"/> ends at <paramref name="nowMs"/>.</summary>
    public static long MissedAt(long timeMs, long nowMs, long intervalMs) => Math.Max(0, (nowMs - timeMs) / intervalMs);
}
