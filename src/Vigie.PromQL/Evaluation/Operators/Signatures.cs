using Vigie.Model;

namespace Vigie.PromQL;

/// <summary>
/// Numbers label sets by some of their labels: equal there, equal number. For matching (<c>on</c>, <c>ignoring</c>) and grouping (<c>by</c>,
/// <c>without</c>).
/// </summary>
sealed class Signatures
{
    readonly string[] _names;
    readonly bool _keep;
    readonly Dictionary<int, int> _firstByHash = [];
    readonly List<Known> _known = [];

    /// <summary>What counts of the label set at hand: for <c>on</c> and <c>by</c> a value per name, else names and values in turn.</summary>
    readonly List<string> _key = [];

    readonly record struct Known(string[] Key, Labels Labels, int Next);

    /// <param name="names">The labels that count (<paramref name="keep"/>), or that do not.</param>
    /// <param name="keep">True for on and by.</param>
    /// <param name="dropName">For ignoring and without the metric name does not count either.</param>
    public Signatures(IEnumerable<string> names, bool keep, bool dropName = true)
    {
        _names = [.. (!keep && dropName ? names.Append(LabelNames.MetricName) : names).Distinct(StringComparer.Ordinal)];
        _keep = keep;
    }

    public int Count => _known.Count;

    /// <summary>The labels that count, of one number.</summary>
    public Labels LabelsOf(int number) => Reduce(_known[number].Labels);

    public Labels Reduce(Labels labels)
    {
        var kept = new List<Label>(labels.Count);
        foreach (ref readonly var pair in labels.Pairs)
            if (IsNamed(pair.Name) == _keep) kept.Add(pair);
        return kept.Count == labels.Count ? labels : Labels.FromSorted([.. kept]);
    }

    /// <summary>The number of a label set; a new one if no known set equals it.</summary>
    public int NumberOf(Labels labels)
    {
        int hash = ReadKey(labels);
        int first = _firstByHash.GetValueOrDefault(hash, -1);
        int known = Find(first);
        if (known >= 0) return known;
        _firstByHash[hash] = _known.Count;
        _known.Add(new Known([.. _key], labels, first));
        return _known.Count - 1;
    }

    /// <summary>The number of a label set, −1 if it has none.</summary>
    public int Find(Labels labels) => _firstByHash.TryGetValue(ReadKey(labels), out int first) ? Find(first) : -1;

    int Find(int first)
    {
        for (int i = first; i >= 0; i = _known[i].Next)
            if (IsKey(_known[i].Key)) return i;
        return -1;
    }

    bool IsKey(string[] known)
    {
        if (known.Length != _key.Count) return false;
        for (int i = 0; i < known.Length; i++)
            if (!string.Equals(known[i], _key[i], StringComparison.Ordinal)) return false;
        return true;
    }

    /// <returns>A hash of the key.</returns>
    int ReadKey(Labels labels)
    {
        _key.Clear();
        uint hash = 17;
        if (_keep)
        {
            foreach (string name in _names)
            {
                string value = labels[name];
                _key.Add(value);
                hash = unchecked(hash * 31 + (uint)value.GetHashCode(StringComparison.Ordinal));
            }
            return unchecked((int)hash);
        }
        foreach (ref readonly var pair in labels.Pairs)
        {
            if (IsNamed(pair.Name)) continue;
            _key.Add(pair.Name);
            _key.Add(pair.Value);
            hash = unchecked(hash * 31 + (uint)pair.Value.GetHashCode(StringComparison.Ordinal));
        }
        return unchecked((int)hash);
    }

    bool IsNamed(string name)
    {
        foreach (string candidate in _names)
            if (string.Equals(candidate, name, StringComparison.Ordinal)) return true;
        return false;
    }
}
