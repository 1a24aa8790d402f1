using Vigie.Configuration.Alertmanager.Loading;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Alertmanager;

/// <summary>Reads alertmanager.yml.</summary>
public static class AlertmanagerConfigLoader
{
    /// <param name="fileName">Path of the file: its folder is where relative paths of templates and HTTP clients begin.</param>
    /// <param name="files">To say which patterns of templates find nothing.</param>
    /// <param name="problems">Receives everything that is wrong.</param>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static AlertmanagerConfig? Load(string fileName, string text, IConfigFiles files, ConfigProblems problems)
    {
        if (Load(fileName, text, problems) is not { } config) return null;
        foreach (string pattern in config.Templates)
            if (GlobPattern.Find(files, pattern).Count == 0)
                problems.Warning(new SourcePosition(fileName, 0, 0), "templates", $"no template file matches {pattern}");
        return config;
    }

    /// <summary>Reads the file alone.</summary>
    /// <inheritdoc cref="Load(string, string, IConfigFiles, ConfigProblems)"/>
    public static AlertmanagerConfig? Load(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var top = reader.Read(node, AlertmanagerSchemas.Top, "");
        var config = new AlertmanagerConfigBuilder(top, reader).Build();
        return problems.ErrorCount > errorsBefore ? null : config;
    }

    /// <summary>Reads the list under <c>time_intervals</c> of one named interval.</summary>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static IReadOnlyList<TimeRangeConfig>? LoadTimeRanges(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var list = TimeIntervalSchema.Ranges("time_intervals").Type.Read(node, reader, "");
        var ranges = TimeIntervalSchema.Build((IReadOnlyList<Section>?)list ?? [], reader);
        return problems.ErrorCount > errorsBefore ? null : ranges;
    }
}
