using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>Keeps, of samples that have reached an age, aggregates over windows for longer than the samples themselves.</summary>
/// <param name="Resolution">Length of a window; a multiple of a second. Of each resolution there is one rule.</param>
/// <param name="After">Age at which samples are aggregated; later arrivals of that age are not in the aggregates.</param>
/// <param name="Keep">Age at which the aggregates are dropped; null keeps them for ever.</param>
/// <param name="Matchers">Which series; none: all.</param>
public sealed record DownsamplingRule(TimeSpan Resolution, TimeSpan After, TimeSpan? Keep, IReadOnlyList<LabelMatcher> Matchers);

/// <summary>What is kept of a window. Each aggregate is a column of its own; the names are folder names on disk.</summary>
enum Rollup
{
    Last,
    Min,
    Max,
    Sum,
    Count,
}
