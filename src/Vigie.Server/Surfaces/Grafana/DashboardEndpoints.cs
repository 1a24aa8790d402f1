using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Vigie.Configuration;
using Vigie.Dashboards;

namespace Vigie.Server.Surfaces.Grafana;

/// <summary>Grafana's search and dashboards by uid.</summary>
sealed class DashboardEndpoints(Func<DashboardLibrary> library)
{
    /// <summary>Grafana's own limit of /api/search, and its default.</summary>
    const int LimitMax = 5000;
    const int LimitDefault = 1000;

    public Task SearchAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (!TryReadCount(query["limit"], LimitDefault, LimitMax, out var limit)) return BadCount(http, "limit", query["limit"]!, $"from 1 to {LimitMax}");
        if (!TryReadCount(query["page"], 1, int.MaxValue, out var page)) return BadCount(http, "page", query["page"]!, "from 1");
        if (query["type"].ToString() is not ("" or "dash-db")) return GrafanaSurface.Write(http, new JsonArray());
        var uids = query["dashboardUIDs"].Concat(query["dashboardUID"]).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var found = library().Search(query["query"], [.. query["tag"].OfType<string>()])
            .Where(file => uids.Count == 0 || uids.Contains(file.Dashboard!.Uid));
        var items = found.Select((file, i) => Item(file, i + 1)).Skip((int)Math.Min((long)limit * (page - 1), int.MaxValue)).Take(limit);
        return GrafanaSurface.Write(http, new JsonArray([.. items]));
    }

    public Task ByUidAsync(HttpContext http)
    {
        var uid = GrafanaSurface.RouteText(http, "uid");
        if (library().Find(uid) is not { } file) return GrafanaSurface.WriteError(http, StatusCodes.Status404NotFound, "Dashboard not found");
        return GrafanaSurface.Write(http, new JsonObject
        {
            ["meta"] = new JsonObject
            {
                ["type"] = "db",
                ["canSave"] = false,
                ["canEdit"] = false,
                ["canStar"] = false,
                ["slug"] = Slug(file.Dashboard!.Title),
                ["url"] = Url(file.Dashboard),
                ["folderTitle"] = file.Folder.Length == 0 ? "General" : file.Folder,
                ["provisioned"] = true,
                ["provisionedExternalId"] = file.Path,
                ["problems"] = Texts(file.Problems.Select(static problem => problem.ToString())),
            },
            ["dashboard"] = JsonSerializer.SerializeToNode(file.Dashboard, DashboardJson.Format),
        });
    }

    public Task HomeAsync(HttpContext http) => GrafanaSurface.Write(http, new JsonObject
    {
        ["meta"] = new JsonObject { ["isHome"] = true, ["canSave"] = false, ["canEdit"] = false, ["slug"] = "" },
        ["dashboard"] = new JsonObject { ["title"] = "Home", ["panels"] = new JsonArray() },
    });

    public Task TagsAsync(HttpContext http) => GrafanaSurface.Write(
        http,
        new JsonArray([.. library().Files.SelectMany(static file => file.Dashboard!.Tags).CountBy(static tag => tag)
            .OrderBy(static tag => tag.Key, StringComparer.Ordinal)
            .Select(static tag => new JsonObject { ["term"] = tag.Key, ["count"] = tag.Value })]));

    public Task ProblemsAsync(HttpContext http) => GrafanaSurface.Write(
        http,
        new JsonArray([.. library().Problems.Select(static problem => new JsonObject
        {
            ["file"] = problem.Position.File,
            ["line"] = problem.Position.Line,
            ["column"] = problem.Position.Column,
            ["field"] = problem.Field,
            ["message"] = problem.Message,
            ["severity"] = problem.Severity == ConfigSeverity.Error ? "error" : "warning",
        })]));

    static JsonObject Item(DashboardFile file, int id)
    {
        var dashboard = file.Dashboard!;
        var item = new JsonObject
        {
            ["id"] = id,
            ["uid"] = dashboard.Uid,
            ["title"] = dashboard.Title,
            ["uri"] = "db/" + Slug(dashboard.Title),
            ["url"] = Url(dashboard),
            ["slug"] = "",
            ["type"] = "dash-db",
            ["tags"] = Texts(dashboard.Tags),
            ["isStarred"] = false,
            ["sortMeta"] = 0,
        };
        if (file.Folder.Length > 0) item["folderTitle"] = file.Folder;
        if (dashboard.Description is { } description) item["description"] = description;
        return item;
    }

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(static text => JsonValue.Create(text))]);

    static string Url(Dashboard dashboard) => $"/d/{Uri.EscapeDataString(dashboard.Uid)}/{Slug(dashboard.Title)}";

    /// <summary>The title for addresses: lower case letters and digits of any script, dashes between.</summary>
    static string Slug(string title)
    {
        var slug = new StringBuilder(title.Length);
        foreach (var character in title)
        {
            if (char.IsLetterOrDigit(character)) slug.Append(char.ToLowerInvariant(character));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        return Uri.EscapeDataString(slug.ToString().TrimEnd('-'));
    }

    static bool TryReadCount(string? text, int otherwise, int max, out int count)
    {
        count = otherwise;
        return string.IsNullOrEmpty(text) || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count >= 1 && count <= max);
    }

    static Task BadCount(HttpContext http, string parameter, string found, string expected) => GrafanaSurface.WriteError(
        http, StatusCodes.Status422UnprocessableEntity, $"invalid parameter \"{parameter}\": \"{found}\", expected a number {expected}");
}
