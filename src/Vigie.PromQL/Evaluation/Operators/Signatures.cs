using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Numbers label sets by some of their labels: equal there, equal number. For matching (<c>on</c>, <c>ignoring</c>) and grouping (<c>by</c>,
/// <c>without</c>).
/// </summary>
/// <param name="names">The labels that count (<paramref name="keep"/>), or that do not.</param>
/// <param name="keep">True for on and by.</param>
/// <param name="dropName">For ignoring and without the metric name does not count either.</param>
sealed class Signatures(IEnumerable<string> names, bool keep, bool dropName = true)
{
    readonly string[] _names = [.. names.Distinct(StringComparer.Ordinal).Order(Comparer<string>.Create(Labels.CompareText))];
    readonly Dictionary<int, int> _firstByHash = [];
    readonly List<(Labels Labels, int Next)> _known = [];

    public int Count => _known.Count;

    /// <summary>A label set that was given this number first.</summary>
    public Labels ExampleOf(int number) => _known[number].Labels;

    /// <summary>The labels that count, of one number.</summary>
    public Labels LabelsOf(int number) => Reduce(_known[number].Labels);

    public Labels Reduce(Labels labels)
    {
        var kept = new List<Label>(labels.Count);
        int at = 0;
        foreach (ref readonly var pair in labels.Pairs)
            if (Counts(pair.Name, ref at)) kept.Add(pair);
        return kept.Count == labels.Count ? labels : Labels.FromSorted([.. kept]);
    }

    /// <summary>The number of a label set; a new one if no known set equals it.</summary>
    public int NumberOf(Labels labels)
    {
        int hash = Hash(labels);
        if (!_firstByHash.TryGetValue(hash, out int first)) first = -1;
        for (int i = first; i >= 0; i = _known[i].Next)
            if (Same(_known[i].Labels, labels)) return i;
        _firstByHash[hash] = _known.Count;
        _known.Add((labels, first));
        return _known.Count - 1;
    }

    /// <summary>The number of a label set, −1 if it has none.</summary>
    public int Find(Labels labels)
    {
        if (!_firstByHash.TryGetValue(Hash(labels), out int i)) return -1;
        for (; i >= 0; i = _known[i].Next)
            if (Same(_known[i].Labels, labels)) return i;
        return -1;
    }

    int Hash(Labels labels)
    {
        if (_names.Length == 0 && keep) return 0;
        var hash = new HashCode();
        int at = 0;
        foreach (ref readonly var pair in labels.Pairs)
        {
            if (!Counts(pair.Name, ref at)) continue;
            hash.Add(pair.Name.Length);
            hash.Add(pair.Value);
        }
        return hash.ToHashCode();
    }

    /// <param name="at">How far the sorted names have been passed; labels come sorted, too.</param>
    bool Counts(string name, ref int at)
    {
        if (!keep && dropName && name == LabelNames.MetricName) return false;
        while (at < _names.Length)
        {
            int order = Labels.CompareText(_names[at], name);
            if (order == 0) return keep;
            if (order > 0) break;
            at++;
        }
        return !keep;
    }

    bool Same(Labels left, Labels right)
    {
        int leftAt = 0, rightAt = 0;
        var l = left.Pairs;
        var r = right.Pairs;
        for (int i = 0, j = 0; ; i++, j++)
        {
            while (i < l.Length && !Counts(l[i].Name, ref leftAt)) i++;
            while (j < r.Length && !Counts(r[j].Name, ref rightAt)) j++;
            if (i == l.Length || j == r.Length) return i == l.Length && j == r.Length;
            if (l[i] != r[j]) return false;
        }
    }
}
