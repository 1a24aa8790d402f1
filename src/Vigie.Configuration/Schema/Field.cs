using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Schema;

/// <summary>One key of a section: how it is read, what it is worth when absent, when it is printed.</summary>
sealed record Field(string Key, FieldType Type)
{
    /// <summary>Value when the key is absent; null: the zero of the type.</summary>
    public object? Default { get; init; }

    /// <summary>Printed even if zero.</summary>
    public bool IsAlwaysPrinted { get; init; }

    /// <summary>Accepted, never printed: another spelling of something else.</summary>
    public bool IsHidden { get; init; }

    public Field Or(object value) => this with { Default = value };
    public Field Always() => this with { IsAlwaysPrinted = true };
    public Field Hidden() => this with { IsHidden = true };

    public object? ValueWhenAbsent() => Default ?? Type.Absent();
}

/// <summary>A kind of value: reads it from a node and prints it. Values are immutable.</summary>
abstract class FieldType
{
    /// <summary>Reads a node that is not null; a problem is reported and <see cref="Zero"/> returned.</summary>
    public abstract object? Read(ConfigNode node, SectionReader reader, string path);

    /// <summary>What a key with nothing behind it is worth.</summary>
    public virtual object? Zero => null;

    /// <summary>What an absent key is worth unless the field says otherwise.</summary>
    public virtual object? Absent() => Zero;

    public virtual bool IsZero(object? value) => value is null || value.Equals(Zero);

    /// <summary>Writes what stands behind the colon.</summary>
    public abstract void Write(YamlWriter writer, object value);
}
