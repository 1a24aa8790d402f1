using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Schema;

/// <summary>A list of secrets.</summary>
sealed class SecretListType : FieldType
{
    public static SecretListType Instance { get; } = new();

    public override bool IsZero(object? value) => value is null or IReadOnlyList<Secret> { Count: 0 };

    public override object? Read(ConfigNode node, SectionReader reader, string path) =>
        TextListType.Plain.Read(node, reader, path) is IReadOnlyList<string> texts ? texts.Select(static t => new Secret(t)).ToList()
            : null;

    public override void Write(YamlWriter writer, object value) =>
        TextListType.Plain.Write(writer, ((IReadOnlyList<Secret>)value).Select(static s => s.ToString()).ToList());
}
