using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.AlertPolicy;

/// <summary>A Kubernetes ConfigMap: its <c>data</c> holds maps, or, as Kubernetes wants it, texts with YAML in them.</summary>
static class ConfigMapSchema
{
    static SectionSchema Metadata { get; } = new("metadata", [Text("name"), Text("namespace"), Map("labels"), Map("annotations")]);

    static SectionSchema Top { get; } = new("ConfigMap", [Text("apiVersion"), Text("kind"), Sub("metadata", Metadata), Any("data")],
        static (s, reader) =>
    {
        if (s.Text("kind") is not ("" or "ConfigMap"))
            reader.Error(s, "kind", $"found {Model.GoText.Quote(s.Text("kind"))}, expected ConfigMap");
    });

    /// <summary>Reads the envelope; gives its name and the node of its data, with texts that hold YAML taken apart.</summary>
    public static (string Name, ConfigNode Data) Read(ConfigNode node, SectionReader reader)
    {
        var top = reader.Read(node, Top, "");
        string name = top.Sub("metadata")!.Text("name");
        var data = top["data"] as ConfigNode ?? ConfigNode.EmptyMap(node.Position.File);
        if (data.Kind == ConfigNodeKind.Map) return (name, Unfold(data, reader.Problems));
        reader.Error(data, "data", $"found {YamlReader.Describe(data)}, expected a map");
        return (name, ConfigNode.EmptyMap(node.Position.File));
    }

    static ConfigNode Unfold(ConfigNode data, ConfigProblems problems)
    {
        var entries = new List<ConfigEntry>(data.Entries.Count);
        foreach (var (key, value) in data.Entries)
        {
            bool isDocument = value.Kind == ConfigNodeKind.Scalar && value.Text.Contains('\n', StringComparison.Ordinal);
            var inner = isDocument ? YamlReader.Read(value.Position.File, value.Text, problems) : null;
            entries.Add(new ConfigEntry(key, inner ?? value));
        }
        return new ConfigNode { Kind = ConfigNodeKind.Map, Position = data.Position, Entries = entries };
    }
}
