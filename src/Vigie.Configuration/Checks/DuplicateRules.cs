using System.Text;
using Vigie.Configuration.Rules;
using Vigie.Model;

namespace Vigie.Configuration.Checks;

/// <summary>Finds rules of a file that write the same series, as promtool's lint does.</summary>
static class DuplicateRules
{
    /// <summary>One text per series that more than one rule writes.</summary>
    public static IEnumerable<string> Find(RuleFile file)
    {
        var series = new Dictionary<string, (Rule Rule, int Count)>(StringComparer.Ordinal);
        foreach (var rule in file.Groups.SelectMany(static group => group.Rules))
        {
            var labels = rule.Labels.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}\0{l.Value}");
            string key = $"{rule.Name}\0{rule.IsAlerting}\0{string.Join('\0', labels)}";
            series[key] = (rule, series.GetValueOrDefault(key).Count + 1);
        }
        int duplicates = series.Values.Count(static s => s.Count > 1);
        if (duplicates == 0) yield break;
        var text = new StringBuilder($"lint error {duplicates} duplicate rule(s) found.\n");
        foreach (var (rule, count) in series.Values)
        {
            if (count < 2) continue;
            text.Append("Metric: ").Append(rule.Name).Append("\nLabel(s):\n");
            foreach (var (name, value) in rule.Labels) text.Append('\t').Append(name).Append(": ").Append(value).Append('\n');
        }
        yield return text.Append("Might cause inconsistency while recording expressions").ToString();
    }
}
