namespace Vigie.PromQL;

/// <summary>The evaluation times of an expression: a range query's steps, a subquery's steps, or one time.</summary>
/// <param name="StartMs">First evaluation time, Unix milliseconds.</param>
/// <param name="StepMs">At least 1.</param>
/// <param name="Count">Number of evaluation times; 0 for an empty grid.</param>
readonly record struct StepGrid(long StartMs, long StepMs, int Count)
{
    public long EndMs => StartMs + StepMs * (Count - 1);

    public bool IsInstant => Count == 1;

    public long At(int step) => StartMs + StepMs * step;

    public static StepGrid Instant(long timeMs) => new(timeMs, 1, 1);

    public static StepGrid Range(long startMs, long endMs, long stepMs) =>
        new(startMs, stepMs, endMs < startMs ? 0 : checked((int)((endMs - startMs) / stepMs) + 1));
}
