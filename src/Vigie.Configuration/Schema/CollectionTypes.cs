using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Schema;

/// <summary>A list of texts. Absent: null, which counts as zero; <c>[]</c> is an empty list, which does too.</summary>
sealed class TextListType(bool isPath) : FieldType
{
    public static TextListType Plain { get; } = new(false);
    public static TextListType Paths { get; } = new(true);

    public override bool IsZero(object? value) => value is null or IReadOnlyList<string> { Count: 0 };

    public override object? Read(ConfigNode node, SectionReader reader, string path)
    {
        if (node.Kind != ConfigNodeKind.List)
        {
            // go-yaml takes a single scalar for a list of one.
            if (node.Kind == ConfigNodeKind.Scalar) return new List<string> { isPath ? reader.Resolve(node.Text) : node.Text };
            reader.Error(node, path, $"found {YamlReader.Describe(node)}, expected a list of texts");
            return null;
        }
        var texts = new List<string>(node.Items.Count);
        for (int i = 0; i < node.Items.Count; i++)
        {
            var item = node.Items[i];
            if (item.Kind is ConfigNodeKind.Scalar or ConfigNodeKind.Null) texts.Add(isPath ? reader.Resolve(item.Text) : item.Text);
            else reader.Error(item, $"{path}[{i}]", $"found {YamlReader.Describe(item)}, expected text");
        }
        return texts;
    }

    public override void Write(YamlWriter writer, object value)
    {
        var texts = (IReadOnlyList<string>)value;
        if (texts.Count == 0) writer.Scalar("[]");
        else writer.List(() =>
        {
            foreach (string text in texts) writer.Item(() => writer.Text(text), isScalar: true);
        });
    }
}

/// <summary>A map from name to value; printed by name.</summary>
abstract class MapType<T> : FieldType
{
    public override bool IsZero(object? value) => value is null or IReadOnlyDictionary<string, T> { Count: 0 };

    public override object? Read(ConfigNode node, SectionReader reader, string path)
    {
        if (node.Kind != ConfigNodeKind.Map)
        {
            reader.Error(node, path, $"found {YamlReader.Describe(node)}, expected a map");
            return null;
        }
        var map = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in node.Entries) map[key.Text] = ReadValue(value, reader, $"{path}.{key.Text}");
        return new Dictionary<string, T>(map, StringComparer.Ordinal);
    }

    public override void Write(YamlWriter writer, object value)
    {
        var map = (IReadOnlyDictionary<string, T>)value;
        if (map.Count == 0) writer.Scalar("{}");
        else writer.Block(() =>
        {
            foreach (var (key, entry) in map.OrderBy(static e => e.Key, StringComparer.Ordinal))
                writer.Key(key, () => WriteValue(writer, entry));
        });
    }

    protected abstract T ReadValue(ConfigNode node, SectionReader reader, string path);
    protected abstract void WriteValue(YamlWriter writer, T value);
}

sealed class TextMapType : MapType<string>
{
    public static TextMapType Instance { get; } = new();

    protected override string ReadValue(ConfigNode node, SectionReader reader, string path) =>
        node.IsNull ? "" : (string)TextType.Plain.Read(node, reader, path)!;

    protected override void WriteValue(YamlWriter writer, string value) => writer.Text(value);
}

sealed class TextListMapType : MapType<IReadOnlyList<string>>
{
    public static TextListMapType Instance { get; } = new();

    protected override IReadOnlyList<string> ReadValue(ConfigNode node, SectionReader reader, string path) =>
        node.IsNull ? [] : (IReadOnlyList<string>?)TextListType.Plain.Read(node, reader, path) ?? [];

    protected override void WriteValue(YamlWriter writer, IReadOnlyList<string> value) => TextListType.Plain.Write(writer, value);
}

sealed class SecretListMapType : MapType<IReadOnlyList<Secret>>
{
    public static SecretListMapType Instance { get; } = new();

    protected override IReadOnlyList<Secret> ReadValue(ConfigNode node, SectionReader reader, string path) =>
        node.IsNull ? [] : [.. ((IReadOnlyList<string>?)TextListType.Plain.Read(node, reader, path) ?? []).Select(static t =>
            new Secret(t))];

    protected override void WriteValue(YamlWriter writer, IReadOnlyList<Secret> value) =>
        TextListType.Plain.Write(writer, value.Select(static s => s.ToString()).ToList());
}

/// <summary>Whatever stands there, kept and printed as it is.</summary>
sealed class NodeType : FieldType
{
    public static NodeType Instance { get; } = new();

    public override object? Read(ConfigNode node, SectionReader reader, string path) => node;

    public override void Write(YamlWriter writer, object value) => WriteNode(writer, (ConfigNode)value);

    static void WriteNode(YamlWriter writer, ConfigNode node)
    {
        switch (node.Kind)
        {
            case ConfigNodeKind.Null:
                writer.Scalar("null");
                break;
            case ConfigNodeKind.Scalar when node.IsQuoted:
                writer.Text(node.Text);
                break;
            case ConfigNodeKind.Scalar:
                writer.Scalar(node.Text);
                break;
            case ConfigNodeKind.List when node.Items.Count == 0:
                writer.Scalar("[]");
                break;
            case ConfigNodeKind.List:
                writer.List(() =>
                {
                    foreach (var item in node.Items)
                    {
                        bool isMap = item is { Kind: ConfigNodeKind.Map, Entries.Count: > 0 };
                        writer.Item(() => { if (isMap) WriteEntries(writer, item); else WriteNode(writer, item); }, isScalar: !isMap);
                    }
                });
                break;
            case ConfigNodeKind.Map when node.Entries.Count == 0:
                writer.Scalar("{}");
                break;
            default:
                writer.Block(() => WriteEntries(writer, node));
                break;
        }
    }

    static void WriteEntries(YamlWriter writer, ConfigNode node)
    {
        foreach (var (key, value) in node.Entries) writer.Key(key.Text, () => WriteNode(writer, value));
    }
}
