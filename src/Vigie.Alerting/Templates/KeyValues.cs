using Vigie.Model;

namespace Vigie.Alerting;

/// <summary>A label set as notification templates see it (Alertmanager: template.KV): a map with methods.</summary>
sealed class KeyValues(Labels labels) : ITemplateMap, ITemplateMembers
{
    readonly TemplateLabels _map = new(labels);

    public Labels Labels => labels;
    public string TypeName => "template.KV";
    public IReadOnlyList<string> Keys => _map.Keys;
    public object? ValueOfMissingKey => "";
    public bool TakesArguments(string name) => name == "Remove";
    public bool TryGet(string key, out object? value) => _map.TryGet(key, out value);

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch
        {
            "SortedPairs" => Sorted(),
            "Names" => Sorted().Names,
            "Values" => Sorted().Values,
            "Remove" => new KeyValues(labels.Drop(Names(arguments))),
            "String" => Sorted().ToString(),
            _ => null,
        };
        return value is not null;
    }

    static string[] Names(object?[] arguments) => arguments is [IReadOnlyList<object?> names]
        ? [.. names.OfType<string>()]
        : throw new TemplateFunctionException("Remove takes a list of names");

    /// <summary>By name, but alertname first.</summary>
    NotificationPairs Sorted() => new([.. labels.OrderByDescending(static pair => pair.Name == NotificationPairs.FirstName)]);
}

/// <summary>Names and values in order (template.Pairs).</summary>
sealed class NotificationPairs(IReadOnlyList<Label> pairs) : IReadOnlyList<object?>, ITemplateMembers
{
    public const string FirstName = "alertname";

    public string TypeName => "template.Pairs";
    public int Count => pairs.Count;
    public object? this[int index] => new NotificationPair(pairs[index]);
    public string[] Names => [.. pairs.Select(static pair => pair.Name)];
    public string[] Values => [.. pairs.Select(static pair => pair.Value)];

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch { "Names" => Names, "Values" => Values, "String" => ToString(), _ => null };
        return value is not null;
    }

    public IEnumerator<object?> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();
    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(", ", pairs.Select(static pair => $"{pair.Name}={pair.Value}"));
}

sealed class NotificationPair(Label pair) : ITemplateMembers
{
    public string TypeName => "template.Pair";
    public IReadOnlyList<TemplateMember> Fields => [new("Name", pair.Name), new("Value", pair.Value)];

    public bool TryGetMember(string name, object?[] arguments, out object? value)
    {
        value = name switch { "Name" => pair.Name, "Value" => pair.Value, _ => null };
        return value is not null;
    }
}
