using System.Collections.Immutable;
using Vigie.Model;

namespace Vigie.PromQL.Testing;

/// <summary>A series and its values as tests write them: <c>up{job="a"} 1 1 _ 0x3</c>.</summary>
/// <param name="Values">One per step.</param>
public sealed record SeriesDescription(Labels Labels, ImmutableArray<SequenceValue> Values);

/// <summary>One position of a sequence of values: nothing, a number (a staleness marker too), or a native histogram.</summary>
/// <param name="HintGiven">The histogram names its counter reset hint, so that a comparison has to look at it.</param>
public readonly record struct SequenceValue(double Value, FloatHistogram? Histogram, bool IsOmitted, bool HintGiven)
{
    public static SequenceValue Omitted { get; } = new(0, null, true, false);

    public static SequenceValue Of(double value) => new(value, null, false, false);
}
