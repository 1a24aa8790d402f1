using Vigie.Configuration.Rules;

namespace Vigie.Rules;

/// <summary>Whether a group says the same before and after a reload; where it stands in the file does not matter.</summary>
static class GroupComparison
{
    public static bool AreSame(RuleGroup left, RuleGroup right)
    {
        if (left.Name != right.Name || left.Interval != right.Interval || left.QueryOffset != right.QueryOffset || left.Limit != right.Limit
            || left.Rules.Count != right.Rules.Count) return false;
        for (int i = 0; i < left.Rules.Count; i++)
            if (!AreSame(left.Rules[i], right.Rules[i])) return false;
        return true;
    }

    static bool AreSame(Rule left, Rule right) =>
        left.Alert == right.Alert && left.Record == right.Record && left.Expression == right.Expression && left.For == right.For
        && left.KeepFiringFor == right.KeepFiringFor && AreSame(left.Labels, right.Labels) && AreSame(left.Annotations, right.Annotations);

    static bool AreSame(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out string? value) && value == pair.Value);
}
