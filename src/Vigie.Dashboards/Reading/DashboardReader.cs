using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Vigie.Configuration;

namespace Vigie.Dashboards;

/// <summary>
/// Reads a Grafana dashboard file of any age: bare, wrapped in <c>{"dashboard": …}</c> as the HTTP API exports it, with comments, with the
/// <c>rows</c> schema before Grafana 5, with panels of retired types, without places, ids or uid, with <c>__inputs</c>.
/// </summary>
public static class DashboardReader
{
    /// <summary>Largest file that is read; the largest well-known dashboard has half a megabyte.</summary>
    const int FileBytesMax = 16 << 20;

    /// <summary>Members that the model names or that only matter to the program which wrote the file.</summary>
    static readonly HashSet<string> Named = new(StringComparer.Ordinal)
    {
        "id", "uid", "title", "description", "tags", "timezone", "refresh", "time", "graphTooltip", "sharedCrosshair", "templating", "links",
        "panels", "rows", "schemaVersion", "version", "__inputs", "__requires", "__elements",
    };

    public static DashboardFile Read(DashboardText file)
    {
        var utf8 = file.Utf8.ToArray();
        var problems = new ProblemList(file.Path, utf8);
        if (utf8.Length > FileBytesMax)
        {
            problems.AddFatal(0, 0, $"{utf8.Length} bytes, expected at most {FileBytesMax}");
            return new(file.Path, null, problems.Problems);
        }
        try
        {
            var root = JsonSource.Parse(utf8);
            return new(file.Path, ReadRoot(file.Path, root, problems), problems.Problems);
        }
        catch (JsonException e)
        {
            problems.AddFatal((e.LineNumber ?? 0) + 1, (e.BytePositionInLine ?? 0) + 1, "not JSON: " + WithoutPosition(e.Message));
            return new(file.Path, null, problems.Problems);
        }
    }

    static Dashboard? ReadRoot(string path, JsonSource root, ProblemList problems)
    {
        var source = root["dashboard"] is { IsObject: true } wrapped ? wrapped : root;
        if (!source.IsObject)
        {
            problems.Add(source, $"{source.Describe()}, expected a dashboard object", ConfigSeverity.Error);
            return null;
        }
        if (source["panels"] is null && source["rows"] is null && source["title"] is null)
        {
            problems.Add(source, "no title, panels or rows, expected a dashboard", ConfigSeverity.Error);
            return null;
        }
        var title = source["title"]?.AsText();
        if (string.IsNullOrWhiteSpace(title))
        {
            title = System.IO.Path.GetFileNameWithoutExtension(path);
            problems.Add(source, $"title missing, showing the file's name \"{title}\"");
        }
        var inputs = DashboardInputs.Read(source["__inputs"]);
        return new Dashboard
        {
            Uid = source["uid"]?.AsText() is { Length: > 0 } uid ? uid : StableUid(path, title),
            Title = title,
            Description = source["description"]?.AsText(),
            Tags = [.. source["tags"]?.Items.Select(tag => tag.AsText()).OfType<string>() ?? []],
            Timezone = source["timezone"]?.AsText() is { Length: > 0 } zone ? zone : "browser",
            Refresh = source["refresh"] is { Kind: JsonValueKind.String, Text.Length: > 0 } refresh ? refresh.Text : null,
            Time = ReadTime(source["time"]),
            GraphTooltip = (int)(source["graphTooltip"]?.AsNumber() ?? (source["sharedCrosshair"]?.AsFlag() == true ? 1 : 0)),
            Templating = new(VariableReader.ReadAll(source["templating"]?["list"], inputs, problems)),
            Links = LinkReader.ReadAll(source["links"]),
            Panels = PanelIds.Assign(ReadPanels(source, inputs, problems)),
            SchemaVersion = (int)(source["schemaVersion"]?.AsNumber() ?? 0),
            Version = (int)(source["version"]?.AsNumber() ?? 0),
            Extra = Unnamed(source, Named),
        };
    }

    static IReadOnlyList<Panel> ReadPanels(JsonSource source, DashboardInputs inputs, ProblemList problems)
    {
        var reader = new PanelReader(inputs, problems);
        if (source["rows"] is { IsArray: true, Items.Count: > 0 } rows && source["panels"] is not { Items.Count: > 0 })
            return RowsMigration.Migrate(rows, reader);
        if (source["panels"] is { IsArray: false } wrong) problems.Expected(wrong, "an array of panels");
        return GridLayout.Place([.. (source["panels"]?.Items ?? []).Select(reader.Read).OfType<PlacedPanel>()]);
    }

    static DashboardTime ReadTime(JsonSource? time) =>
        time?["from"]?.AsText() is { } from && time["to"]?.AsText() is { } to ? new(from, to) : new("now-1h", "now");

    /// <summary>The same file with the same title gets the same uid on every machine: the first 60 bits of a hash, in hexadecimal.</summary>
    static string StableUid(string path, string title) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path + "\n" + title)))[..15];

    /// <summary>What <paramref name="source"/> holds beyond <paramref name="named"/>, as it was written.</summary>
    internal static Dictionary<string, object?> Unnamed(JsonSource source, HashSet<string> named)
    {
        var extra = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in source.Members)
            if (!named.Contains(name)) extra[name] = value.ToNode();
        return extra;
    }

    static string WithoutPosition(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is var at && at > 0 ? message[..at] : message;
}
