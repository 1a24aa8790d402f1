using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.AlertPolicy;

/// <summary>Reads metrics-config.yaml, and other ConfigMaps whose data are lists of texts.</summary>
public static class MetricsCatalogueLoader
{
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static MetricsCatalogueConfig? Load(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var (name, data) = ConfigMapSchema.Read(node, reader);
        var groups = TextListMapType.Instance.Read(data, reader, "data");
        return problems.ErrorCount > errorsBefore
            ? null : new MetricsCatalogueConfig(name, (IReadOnlyDictionary<string, IReadOnlyList<string>>?)groups
                ?? new Dictionary<string, IReadOnlyList<string>>());
    }
}
