using Vigie.Configuration.Prometheus.Loading;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Prometheus;

/// <summary>Reads the files of <c>file_sd_configs</c>: a list of target groups in YAML or JSON (which is YAML).</summary>
public static class TargetGroupLoader
{
    /// <param name="problems">Receives everything that is wrong.</param>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static IReadOnlyList<TargetGroup>? Load(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var list = new SectionListType(DiscoverySchemas.Static, "nil target group item found").Read(node, reader, "");
        if (problems.ErrorCount > errorsBefore) return null;
        return [.. ((IReadOnlyList<Section>)list!).Select((section, i) =>
            DiscoveryBuilder.BuildGroup(section, i, reader, checkAddresses: false))];
    }
}
