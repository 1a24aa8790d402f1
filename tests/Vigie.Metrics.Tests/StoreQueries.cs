using System.Text.RegularExpressions;
using Vigie.Model;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.Metrics.Tests;

/// <summary>Selectors as text for the tests here; the real parser is Vigie.PromQL's.</summary>
static partial class StoreQueries
{
    public static LabelMatcher[] Matchers(string selector) =>
        [.. MatcherPattern().Matches(selector).Select(m => new LabelMatcher(
            m.Groups[2].Value switch { "=" => MatchType.Equal, "!=" => MatchType.NotEqual, "=~" => MatchType.Regex, _ => MatchType.NotRegex },
            m.Groups[1].Value,
            m.Groups[3].Value))];

    public static List<(Labels Labels, List<(long T, double V)> Samples)> Query(ISampleSource store, string selector, TimeRange? range = null)
    {
        using var set = store.Select(Matchers(selector), range ?? TimeRange.All, default, default);
        var result = new List<(Labels, List<(long, double)>)>();
        var columns = new SampleColumns();
        for (int i = 0; i < set.Count; i++)
        {
            columns.Clear();
            set.Read(i, columns);
            var samples = new List<(long, double)>();
            for (int s = 0; s < columns.Count; s++) samples.Add((columns.Timestamps[s], columns.Values[s]));
            result.Add((set.LabelsOf(i), samples));
        }
        return result;
    }

    [GeneratedRegex("(\\w+)(=~|!~|!=|=)\"([^\"]*)\"")]
    private static partial Regex MatcherPattern();
}
