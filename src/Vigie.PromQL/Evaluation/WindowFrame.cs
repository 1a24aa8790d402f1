namespace Vigie.PromQL;

/// <summary>Where the windows of a range vector lie, step by step: <c>(end − range, end]</c>, end being the step's time moved by offset and @.</summary>
/// <param name="Grid">The steps the windows are for.</param>
/// <param name="RangeMs">Length of a window.</param>
/// <param name="OffsetMs">Into the past.</param>
/// <param name="AtMs">The time of all windows if there is an @ modifier.</param>
/// <param name="Edges">How the samples at the edges are found.</param>
readonly record struct WindowFrame(StepGrid Grid, long RangeMs, long OffsetMs, long? AtMs, RangeEdges Edges)
{
    public long EndAt(int step) => (AtMs ?? Grid.At(step)) - OffsetMs;

    public long StartAt(int step) => EndAt(step) - RangeMs;

    /// <summary>True if all steps have the same window.</summary>
    public bool IsFixed => AtMs is not null;
}
