using Vigie.Model;

namespace Vigie.Rules.UnitTests;

/// <summary>
/// Compares samples as rule tests do: floats are equal or, if asked, neighbours; histograms with their counter reset hints.
/// </summary>
static class SampleComparison
{
    public static bool AreSame(RuleSample found, RuleSample expected, bool fuzzy)
    {
        if (found.Labels != expected.Labels) return false;
        if (found.Histogram is null || expected.Histogram is null)
            return found.Histogram is null && expected.Histogram is null && AreSame(found.Value, expected.Value, fuzzy);
        return found.Histogram.CounterResetHint == expected.Histogram.CounterResetHint
            && found.Histogram.Copy().Compact().SameAs(expected.Histogram.Copy().Compact());
    }

    static bool AreSame(double found, double expected, bool fuzzy) =>
        found.Equals(expected) || found == expected
        || (fuzzy && (found == Math.BitIncrement(expected) || found == Math.BitDecrement(expected)));

    public static string Print(RuleSample sample) =>
        $"{sample.Labels} {(sample.Histogram is { } histogram ? histogram.ToTestNotation() : GoNumber.FormatFixed(sample.Value))}";
}
