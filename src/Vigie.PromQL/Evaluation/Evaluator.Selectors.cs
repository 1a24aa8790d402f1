using Vigie.Model;

namespace Vigie.PromQL;

sealed partial class Evaluator
{
    VectorRows SelectInstant(VectorSelector selector, StepGrid grid) => SelectInstant(selector, grid, SampleTimes.No);

    /// <param name="times">Take a time of the samples instead of their values.</param>
    public VectorRows SelectInstant(VectorSelector selector, StepGrid grid, SampleTimes times)
    {
        var frame = new WindowFrame(grid, 0, selector.Time.OffsetMs, selector.Time.TimestampMs, selector.Edges);
        bool smoothed = selector.Edges == RangeEdges.Smoothed;
        var set = Select(selector, frame, Plan.LookbackMs, smoothed ? Plan.LookbackMs : 0, "");
        return smoothed
            ? new SmoothedSelectorRows(this, set, frame, selector)
            : new SelectorRows(set, grid, selector, Plan.LookbackMs, times, Plan.StatisticsSelectors.Contains(selector));
    }

    SelectorRange SelectRange(MatrixSelector matrix, StepGrid grid)
    {
        var selector = matrix.Selector;
        var frame = new WindowFrame(grid, matrix.RangeMs, selector.Time.OffsetMs, selector.Time.TimestampMs, selector.Edges);
        long before = selector.Edges == RangeEdges.Plain ? 0 : Plan.LookbackMs;
        long after = selector.Edges == RangeEdges.Smoothed ? Plan.LookbackMs : 0;
        return new SelectorRange(Select(selector, frame, matrix.RangeMs + before, after, ""), selector,
            Options.StartTimestamps, Plan.StatisticsSelectors.Contains(selector)) { Frame = frame };
    }

    /// <param name="beforeMs">How far before the end of the first window samples matter; the sample exactly there does not.</param>
    /// <param name="afterMs">How far after the end of the last window.</param>
    ISeriesSet Select(VectorSelector selector, WindowFrame frame, long beforeMs, long afterMs, string function)
    {
        long first = frame.EndAt(0), last = frame.EndAt(frame.Grid.Count - 1);
        var range = new TimeRange(first - beforeMs + 1, last + afterMs);
        var hints = new SelectHints(frame.Grid.IsInstant ? 0 : frame.Grid.StepMs, frame.RangeMs, function, AnyOrder: true);
        return SelectShared(selector, range, hints);
    }

    public ISeriesSet Select(ReadOnlySpan<LabelMatcher> matchers, TimeRange range, in SelectHints hints) =>
        Memory.Own(WithWarnings(Source.Select(matchers, range, hints, Cancellation)));

    ISeriesSet WithWarnings(ISeriesSet set)
    {
        foreach (string warning in set.Warnings) Annotations.WarnOfSource(warning);
        return set;
    }
}
