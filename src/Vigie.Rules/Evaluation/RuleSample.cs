using Vigie.Model;

namespace Vigie.Rules;

/// <summary>One sample that a rule gives, or one element of the vector it is evaluated on.</summary>
/// <param name="Histogram">Null if it is a float.</param>
readonly record struct RuleSample(Labels Labels, double Value, FloatHistogram? Histogram = null);
