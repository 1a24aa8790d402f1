using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Http;

/// <summary>Reads a file that holds nothing but an HTTP client block: promtool's <c>--http.config.file</c>.</summary>
public static class HttpClientConfigLoader
{
    static SectionSchema Top { get; } = new("the HTTP client configuration", HttpClientSchema.Fields, HttpClientSchema.Check);

    /// <param name="fileName">Path of the file: its folder is where relative paths begin.</param>
    /// <param name="problems">Receives everything that is wrong.</param>
    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static HttpClientConfig? Load(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var top = new SectionReader(problems, ConfigPath.FolderOf(fileName)).Read(node, Top, "");
        return problems.ErrorCount > errorsBefore ? null : HttpClientSchema.Build(top);
    }
}
