using Vigie.Model;

namespace Vigie.Metrics;

/// <summary>How long samples of some series are kept. Of several rules the first one whose matchers all match a series counts.</summary>
/// <param name="Matchers">At least one.</param>
/// <param name="Keep">Age at which a block's samples of the series are dropped; may be shorter or longer than the store's own retention.</param>
public sealed record RetentionRule(IReadOnlyList<LabelMatcher> Matchers, TimeSpan Keep);
