namespace Vigie.Model;

/// <summary>Collects label pairs in any order and makes a <see cref="Labels"/> of them. Reusable; not thread-safe.</summary>
public sealed class LabelsBuilder
{
    readonly List<Label> _pairs;

    public LabelsBuilder(int capacity = 8) => _pairs = new List<Label>(capacity);

    public LabelsBuilder(Labels start)
    {
        _pairs = new List<Label>(start.Count + 2);
        _pairs.AddRange(start.Pairs);
    }

    public string this[string name]
    {
        get
        {
            int at = IndexOf(name);
            return at < 0 ? "" : _pairs[at].Value;
        }
    }

    public IReadOnlyList<Label> Pairs => _pairs;

    /// <summary>Sets a label; an empty value removes it.</summary>
    public LabelsBuilder Set(string name, string value)
    {
        int at = IndexOf(name);
        if (value.Length == 0)
        {
            if (at >= 0) _pairs.RemoveAt(at);
        }
        else if (at >= 0) _pairs[at] = new Label(name, value);
        else _pairs.Add(new Label(name, value));
        return this;
    }

    public LabelsBuilder AddAll(ReadOnlySpan<Label> pairs)
    {
        foreach (ref readonly var pair in pairs) Set(pair.Name, pair.Value);
        return this;
    }

    public LabelsBuilder Remove(string name) => Set(name, "");

    public LabelsBuilder Clear()
    {
        _pairs.Clear();
        return this;
    }

    public LabelsBuilder Reset(Labels labels)
    {
        _pairs.Clear();
        _pairs.AddRange(labels.Pairs);
        return this;
    }

    public Labels Build()
    {
        if (_pairs.Count == 0) return Labels.Empty;
        var pairs = _pairs.ToArray();
        Array.Sort(pairs, static (a, b) => Labels.CompareText(a.Name, b.Name));
        return Labels.FromSorted(pairs);
    }

    int IndexOf(string name)
    {
        for (int i = 0; i < _pairs.Count; i++)
            if (string.Equals(_pairs[i].Name, name, StringComparison.Ordinal)) return i;
        return -1;
    }
}
