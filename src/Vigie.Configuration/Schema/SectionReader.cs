using Vigie.Configuration.Yaml;
using Vigie.Model;

namespace Vigie.Configuration.Schema;

/// <summary>Reads maps by their schemas. Goes on after a problem, so that all of them are found.</summary>
sealed class SectionReader(ConfigProblems problems, string folder)
{
    public ConfigProblems Problems { get; } = problems;

    /// <summary>Joins a relative path with the folder of the file; "" stays.</summary>
    public string Resolve(string path) => ConfigPath.Join(folder, path);

    public void Error(ConfigNode node, string path, string message) => Problems.Error(node.Position, path, message);
    public void Error(Section section, string key, string message) => Error(section.NodeOf(key), section.PathOf(key), message);
    public void Error(Section section, string message) => Error(section.Node, section.Path, message);

    public void Warning(Section section, string key, string message) =>
        Problems.Warning(section.NodeOf(key).Position, section.PathOf(key), message);

    public Section Read(ConfigNode node, SectionSchema schema, string path)
    {
        if (node.Kind is not (ConfigNodeKind.Map or ConfigNodeKind.Null))
        {
            Error(node, path, $"found {YamlReader.Describe(node)}, expected a map ({schema.Name})");
            return schema.Empty(node.Position.File);
        }
        var section = new Section(schema, node, path);
        foreach (var field in schema.Fields) section.Set(field.Key, field.ValueWhenAbsent());
        foreach (var (key, value) in node.Entries)
        {
            if (schema.Find(key.Text) is not { } field)
            {
                Error(key, section.PathOf(key.Text), UnknownKey(key.Text, schema));
                continue;
            }
            section.Set(field.Key, value.IsNull ? field.Type.Zero : field.Type.Read(value, this, section.PathOf(key.Text)));
        }
        schema.Validate?.Invoke(section, this);
        return section;
    }

    static string UnknownKey(string key, SectionSchema schema)
    {
        string? nearest = schema.Fields.Where(static f => !f.IsHidden).Select(static f => f.Key)
            .Select(candidate => (candidate, distance: EditDistance.Between(key, candidate)))
            .Where(static c => c.distance <= 3).OrderBy(static c => c.distance).FirstOrDefault().candidate;
        string hint = nearest is null ? "" : $" (did you mean {nearest}?)";
        return $"found the unknown key {GoText.Quote(key)}, expected a key of {schema.Name}{hint}";
    }
}
