using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>What operators do to labels.</summary>
static class LabelRules
{
    public const string Type = "__type__";
    public const string Unit = "__unit__";

    /// <summary>The labels that go when the metric name goes.</summary>
    public static bool IsMetadata(string name) => name is LabelNames.MetricName or Type or Unit;

    /// <summary>Any UTF-8 text but the empty one; a byte that is not UTF-8 stands as a lone surrogate in a text (<see cref="GoText"/>).</summary>
    public static bool IsValidName(string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1])) return false;
            i++;
        }
        return name.Length > 0;
    }

    public static Labels WithoutMetadata(Labels labels)
    {
        // These names begin with underscores, so hardly any label sorts before them.
        int found = 0;
        foreach (ref readonly var pair in labels.Pairs)
            if (IsMetadata(pair.Name)) found++;
        if (found == 0) return labels;
        var kept = new Label[labels.Count - found];
        int at = 0;
        foreach (ref readonly var pair in labels.Pairs)
            if (!IsMetadata(pair.Name)) kept[at++] = pair;
        return Labels.FromSorted(kept);
    }

    /// <summary>Can two series of this selector differ in nothing but metric name, type and unit?</summary>
    public static bool NamesMatter(VectorSelector selector, ISeriesSet set)
    {
        bool oneName = false;
        foreach (var matcher in selector.Matchers)
            if (matcher.Type == MatchType.Equal && matcher.Name == LabelNames.MetricName && matcher.Value.Length > 0) oneName = true;
        if (!oneName) return set.Count > 1;
        for (int i = 0; i < set.Count; i++)
        {
            var labels = set.LabelsOf(i).Pairs;
            for (int p = 0; p < labels.Length && p < 4; p++)
                if (labels[p].Name is Type or Unit) return true;
        }
        return false;
    }

    /// <summary>The labels of what <c>absent</c> says is missing: those the selector demands by equality, each once.</summary>
    public static Labels OfAbsent(Expression argument)
    {
        var matchers = ExpressionTree.Unwrap(argument) switch
        {
            VectorSelector selector => selector.Matchers,
            MatrixSelector matrix => matrix.Selector.Matchers,
            _ => [],
        };
        if (matchers.IsDefaultOrEmpty) return Labels.Empty;
        var builder = new LabelsBuilder();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var matcher in matchers)
        {
            if (matcher.Name == LabelNames.MetricName) continue;
            if (matcher.Type == MatchType.Equal && seen.Add(matcher.Name)) builder.Set(matcher.Name, matcher.Value);
            else builder.Remove(matcher.Name);
        }
        return builder.Build();
    }
}
