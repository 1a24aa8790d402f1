using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Schema;

/// <summary>The keys a map may have, in the order they are printed in, and what must hold between them.</summary>
sealed class SectionSchema
{
    readonly Dictionary<string, Field> _byKey;

    public SectionSchema(string name, IReadOnlyList<Field> fields, Action<Section, SectionReader>? validate = null)
    {
        Name = name;
        Fields = fields;
        Validate = validate;
        _byKey = fields.ToDictionary(static f => f.Key, StringComparer.Ordinal);
    }

    /// <summary>What the section is called in messages.</summary>
    public string Name { get; }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>Called when all fields have been read.</summary>
    public Action<Section, SectionReader>? Validate { get; }

    public Field? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>The section as if it stood in a file with no key in it.</summary>
    public Section Empty(string file = "")
    {
        var section = new Section(this, ConfigNode.EmptyMap(file), "");
        foreach (var field in Fields) section.Set(field.Key, field.ValueWhenAbsent());
        return section;
    }
}
