using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Schema;

sealed class SectionType(SectionSchema schema, bool isOptional) : FieldType
{
    public override object? Absent() => isOptional ? null : schema.Empty();
    public override object? Zero => isOptional ? null : schema.Empty();
    public override bool IsZero(object? value) => value is null || (!isOptional && ((Section)value).AllZero());
    public override object? Read(ConfigNode node, SectionReader reader, string path) => reader.Read(node, schema, path);

    public override void Write(YamlWriter writer, object value)
    {
        var section = (Section)value;
        if (section.HasPrintedFields) writer.Block(() => section.Write(writer));
        else writer.Scalar("{}");
    }
}

sealed class SectionListType(SectionSchema schema, string? emptyItem) : FieldType
{
    public override bool IsZero(object? value) => value is null or IReadOnlyList<Section> { Count: 0 };

    public override object? Read(ConfigNode node, SectionReader reader, string path)
    {
        if (node.Kind != ConfigNodeKind.List)
        {
            reader.Error(node, path, $"found {YamlReader.Describe(node)}, expected a list ({schema.Name})");
            return null;
        }
        var sections = new List<Section>(node.Items.Count);
        for (int i = 0; i < node.Items.Count; i++)
        {
            var item = node.Items[i];
            if (item.IsNull && emptyItem is not null) reader.Error(item, $"{path}[{i}]", emptyItem);
            else sections.Add(reader.Read(item, schema, $"{path}[{i}]"));
        }
        return sections;
    }

    public override void Write(YamlWriter writer, object value)
    {
        var sections = (IReadOnlyList<Section>)value;
        if (sections.Count == 0) writer.Scalar("[]");
        else writer.List(() =>
        {
            foreach (var section in sections)
            {
                if (section.HasPrintedFields) writer.Item(() => section.Write(writer), isScalar: false);
                else writer.Item(() => writer.Scalar("{}"), isScalar: true);
            }
        });
    }
}

sealed class SectionMapType(SectionSchema schema) : MapType<Section>
{
    protected override Section ReadValue(ConfigNode node, SectionReader reader, string path) => reader.Read(node, schema, path);

    protected override void WriteValue(YamlWriter writer, Section value)
    {
        if (value.HasPrintedFields) writer.Block(() => value.Write(writer));
        else writer.Scalar("{}");
    }
}
