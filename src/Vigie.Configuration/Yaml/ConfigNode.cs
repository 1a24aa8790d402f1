namespace Vigie.Configuration.Yaml;

public enum ConfigNodeKind
{
    Null,
    Scalar,
    List,
    Map,
}

/// <summary>
/// A value in a YAML file that knows where it stands. Immutable. Aliases and merge keys are resolved: an aliased value keeps the position
/// of
/// its anchor.
/// </summary>
public sealed class ConfigNode
{
    public required ConfigNodeKind Kind { get; init; }
    public required SourcePosition Position { get; init; }

    /// <summary>Text of a scalar, unescaped; "" otherwise.</summary>
    public string Text { get; init; } = "";

    /// <summary>Whether a scalar stands in quotes (or is a block): it is a text then, never a number, boolean or null.</summary>
    public bool IsQuoted { get; init; }

    /// <summary>The explicit tag, for example <c>!!str</c> in its long form; "" if there is none.</summary>
    public string Tag { get; init; } = "";

    public IReadOnlyList<ConfigNode> Items { get; init; } = [];

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<ConfigEntry> Entries { get; init; } = [];

    /// <summary>The value of a key of a map, or null.</summary>
    public ConfigNode? this[string key]
    {
        get
        {
            foreach (var entry in Entries)
                if (string.Equals(entry.Key.Text, key, StringComparison.Ordinal)) return entry.Value;
            return null;
        }
    }

    public bool IsNull => Kind == ConfigNodeKind.Null;

    /// <summary>An empty map that stands nowhere.</summary>
    public static ConfigNode EmptyMap(string file) => new() { Kind = ConfigNodeKind.Map, Position = new SourcePosition(file, 0, 0) };
}

/// <summary>A key and its value; the key is a scalar.</summary>
public readonly record struct ConfigEntry(ConfigNode Key, ConfigNode Value);
