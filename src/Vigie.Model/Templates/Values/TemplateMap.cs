namespace Vigie.Model;

/// <summary>A map of any values (Go: <c>map[string]any</c>).</summary>
public sealed class TemplateMap : ITemplateMap
{
    readonly SortedList<string, object?> _entries = new(StringComparer.Ordinal);

    public TemplateMap(params IEnumerable<KeyValuePair<string, object?>> entries)
    {
        foreach (var (key, value) in entries) _entries[key] = value;
    }

    public IReadOnlyList<string> Keys => [.. _entries.Keys];
    public bool TryGet(string key, out object? value) => _entries.TryGetValue(key, out value);
    public object? ValueOfMissingKey => null;
}

/// <summary>A map of strings over a label set (Go: <c>map[string]string</c>).</summary>
public sealed class TemplateLabels(Labels labels) : ITemplateMap
{
    public Labels Labels => labels;

    public IReadOnlyList<string> Keys
    {
        get
        {
            var keys = new string[labels.Count];
            for (int i = 0; i < keys.Length; i++) keys[i] = labels[i].Name;
            return keys;
        }
    }

    public bool TryGet(string key, out object? value)
    {
        bool found = labels.TryGet(key, out string? text);
        value = text ?? "";
        return found;
    }

    public object? ValueOfMissingKey => "";
}
