namespace Vigie.PromQL;

/// <summary>
/// Samples looked at, by step of a query. Those of a subquery's own steps count in no step, and what is evaluated once for all steps counts in the
/// first. Safe for use by the workers of one query.
/// </summary>
sealed class StepCounts(StepGrid grid)
{
    readonly long[] _counts = new long[grid.Count];

    public long StartMs => grid.StartMs;
    public long StepMs => grid.StepMs;
    public IReadOnlyList<long> Counts => _counts;

    /// <param name="steps">The steps that <paramref name="step"/> is one of.</param>
    public void Add(StepGrid steps, int step, long samples)
    {
        if (steps.StartMs == grid.StartMs && steps.StepMs == grid.StepMs && step < _counts.Length) Interlocked.Add(ref _counts[step], samples);
    }
}
