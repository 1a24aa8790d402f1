using System.Globalization;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Vigie;

/// <summary>Reads vigie.yml.</summary>
public static class VigieConfigLoader
{
    static SectionSchema Listen { get; } = new("listen", [Text("prometheus"), Text("alertmanager"), Text("web"), Text("node")],
        static (s, reader) =>
    {
        foreach (var field in s.Schema.Fields)
        {
            string address = s.Text(field.Key);
            if (s.Has(field.Key) && !IsAddress(address))
                reader.Error(s, field.Key, $"found {Model.GoText.Quote(address)}, expected host:port, :port or off");
        }
    });

    static SectionSchema Top { get; } = new("vigie.yml",
    [
        Sub("listen", Listen),
        Sub("storage", new SectionSchema("storage",
            [PathTo("path"), Sub("retention", new SectionSchema("retention", [OptionalDuration("time"), Size("size")]))])),
        Sub("web", new SectionSchema("web", [OptionalBool("auth"), Text("external_url")])),
    ]);

    /// <returns>Null if there are errors among <paramref name="problems"/>.</returns>
    public static VigieConfig? Load(string fileName, string text, ConfigProblems problems)
    {
        int errorsBefore = problems.ErrorCount;
        if (YamlReader.Read(fileName, text, problems) is not { } node) return null;
        var reader = new SectionReader(problems, ConfigPath.FolderOf(fileName));
        var top = reader.Read(node, Top, "");
        var listen = top.Sub("listen")!;
        var storage = top.Sub("storage")!;
        var retention = storage.Sub("retention")!;
        var web = top.Sub("web")!;
        if (!web.IsZero("external_url") && UrlText.ProblemOf(web.Text("external_url")) is { } problem)
            reader.Error(web, "external_url", problem);
        if (problems.ErrorCount > errorsBefore) return null;
        return new VigieConfig
        {
            Listen = new ListenConfig
            {
                Prometheus = NullIfEmpty(listen.Text("prometheus")),
                Alertmanager = NullIfEmpty(listen.Text("alertmanager")),
                Web = NullIfEmpty(listen.Text("web")),
                Node = NullIfEmpty(listen.Text("node")),
            },
            StoragePath = NullIfEmpty(storage.Text("path")),
            RetentionTime = (TimeSpan?)retention["time"],
            RetentionSizeBytes = retention.IsZero("size") ? null : retention.Int("size"),
            WebAuth = (bool?)web["auth"],
            ExternalUrl = NullIfEmpty(web.Text("external_url")),
        };
    }

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    static bool IsAddress(string text)
    {
        if (text == ListenConfig.Off) return true;
        int colon = text.LastIndexOf(':');
        return colon >= 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            && port <= 65535;
    }
}
