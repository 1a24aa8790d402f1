using Vigie.Configuration.Schema;
using Vigie.Model;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>What must hold within a route, and the matchers that routes and inhibition rules are made of.</summary>
static class RouteChecks
{
    public const string GroupByAll = "...";

    public static void Check(Section s, SectionReader reader)
    {
        var labels = s.Texts("group_by");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string label in labels)
        {
            if (label == GroupByAll) continue;
            if (label.Length == 0) reader.Error(s, "group_by", "invalid label name \"\" in group_by list");
            if (!seen.Add(label)) reader.Error(s, "group_by", $"duplicated label {GoText.Quote(label)} in group_by");
        }
        if (seen.Count > 0 && labels.Contains(GroupByAll))
            reader.Error(s, "group_by", "cannot have wildcard group_by (`...`) and other labels at the same time");
        foreach (string key in (ReadOnlySpan<string>)["group_interval", "repeat_interval"])
            if (s[key] is TimeSpan { Ticks: 0 }) reader.Error(s, key, $"{key} cannot be zero");
    }

    /// <summary>All conditions of three keys: texts to equal, expressions, matchers. Sorted as Alertmanager does.</summary>
    public static IReadOnlyList<LabelMatcher> Matchers(Section s, SectionReader reader, string match, string matchRegex, string matchers)
    {
        var all = new List<LabelMatcher>();
        foreach (var (name, value) in s.Map(match))
        {
            if (!Labels.IsLegacyName(name)) reader.Error(s, match, $"invalid label name {GoText.Quote(name)}");
            all.Add(AlertMatchers.Create(MatchType.Equal, name, value));
        }
        foreach (var (name, value) in s.Map(matchRegex))
        {
            if (!Labels.IsLegacyName(name)) reader.Error(s, matchRegex, $"invalid label name {GoText.Quote(name)}");
            try
            {
                // Upstream keeps the expression with its anchors, which shows in group keys.
                AlertMatchers.Create(MatchType.Regex, name, value);
                all.Add(AlertMatchers.Create(MatchType.Regex, name, $"^(?:{value})$"));
            }
            catch (FormatException problem)
            {
                reader.Error(s, matchRegex, problem.Message);
            }
        }
        all.AddRange((IReadOnlyList<LabelMatcher>?)s[matchers] ?? []);
        return AlertMatchers.Sort(all);
    }
}
