using Vigie.Configuration.Prometheus.Loading;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using Vigie.Model;

namespace Vigie.Configuration.Prometheus;

/// <summary>What a load depends on besides the file.</summary>
public sealed record PrometheusLoadOptions
{
    /// <summary>Reads environment variables for external labels. Default: those of this process.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>The file is for an agent: rules, alerting and remote read are refused.</summary>
    public bool IsAgent { get; init; }
}

/// <summary>Reads prometheus.yml and the scrape configuration files it names.</summary>
public static class PrometheusConfigLoader
{
    /// <param name="fileName">Path of the file: its folder is where relative paths begin.</param>
    /// <param name="problems">Receives everything that is wrong.</param>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static PrometheusConfig? Load(
        string fileName, string text, IConfigFiles files, ConfigProblems problems, PrometheusLoadOptions? options = null)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var top = reader.Read(node, PrometheusSchemas.Top, "");
        var config = new PrometheusConfigBuilder(top, reader, files, options ?? new PrometheusLoadOptions()).Build();
        return problems.ErrorCount > errorsBefore ? null : config;
    }

    /// <summary>Reads a list of relabelling rules that stands alone.</summary>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static IReadOnlyList<RelabelRule>? LoadRelabelRules(string fileName, string text, ConfigProblems problems,
        bool legacyNames = false)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var list = Relabelling.RelabelSchema.Rules("relabel_configs", "empty or null relabeling rule").Type.Read(node, reader, "");
        var rules = Relabelling.RelabelSchema.Build((IReadOnlyList<Section>?)list ?? [], reader, legacyNames);
        return problems.ErrorCount > errorsBefore ? null : rules;
    }
}
