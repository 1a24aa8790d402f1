using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Schema;

/// <summary>
/// A map of a configuration file, read by its schema. Lives only while the file is loaded: inherited values are filled in, then records and
/// the effective YAML are made of it.
/// </summary>
sealed class Section(SectionSchema schema, ConfigNode node, string path)
{
    readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public SectionSchema Schema { get; } = schema;
    public ConfigNode Node { get; } = node;

    /// <summary>Path from the top of the file, for messages.</summary>
    public string Path { get; } = path;

    /// <summary>Whether the file has the key with something behind it.</summary>
    public bool Has(string key) => Node[key] is { IsNull: false };

    /// <summary>Where a key stands; the section if it is absent.</summary>
    public ConfigNode NodeOf(string key) => Node[key] ?? Node;

    public string PathOf(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    public object? this[string key] =>
        _values.TryGetValue(key, out object? value) ? value : throw new KeyNotFoundException($"{Schema.Name} has no key {key}");

    public void Set(string key, object? value) => _values[key] = value;

    public T Get<T>(string key) => (T)this[key]!;
    public string Text(string key) => (string?)this[key] ?? "";
    public bool Bool(string key) => (bool)(this[key] ?? false);
    public long Int(string key) => (long)this[key]!;
    public TimeSpan Duration(string key) => (TimeSpan)this[key]!;
    public Secret? Secret(string key) => (Secret?)this[key];
    public Section? Sub(string key) => (Section?)this[key];
    public IReadOnlyList<string> Texts(string key) => (IReadOnlyList<string>?)this[key] ?? [];
    public IReadOnlyList<Section> Subs(string key) => (IReadOnlyList<Section>?)this[key] ?? [];
    public IReadOnlyDictionary<string, string> Map(string key) => (IReadOnlyDictionary<string, string>?)this[key] ?? Empty;

    static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string>();

    /// <summary>Whether a key has a value, be it one that could not be read: then more need not be said.</summary>
    public bool IsGiven(string key) => !IsZero(key) || Node[key] is { Kind: ConfigNodeKind.Scalar, Text.Length: > 0 };

    public bool IsZero(string key) => Schema.Find(key)!.Type.IsZero(this[key]);
    public bool AllZero() => Schema.Fields.All(f => f.IsHidden || f.Type.IsZero(this[f.Key]));

    public void Write(YamlWriter writer)
    {
        foreach (var field in Schema.Fields)
        {
            object? value = this[field.Key];
            if (field.IsHidden || (!field.IsAlwaysPrinted && field.Type.IsZero(value))) continue;
            writer.Key(field.Key, () =>
            {
                if (value is null) writer.Scalar("null");
                else field.Type.Write(writer, value);
            });
        }
    }

    public bool HasPrintedFields => Schema.Fields.Any(f => !f.IsHidden && (f.IsAlwaysPrinted || !f.Type.IsZero(this[f.Key])));

    public string ToYaml()
    {
        var writer = new YamlWriter();
        Write(writer);
        return writer.ToString();
    }
}
