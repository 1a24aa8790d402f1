namespace Vigie.Dashboards;

static class LinkReader
{
    public static IReadOnlyList<DashboardLink> ReadAll(JsonSource? list) => [.. (list?.Items ?? []).Select(Read).OfType<DashboardLink>()];

    /// <summary>Links to anything but web pages and places of this server are dropped: a dashboard must not run scripts.</summary>
    static DashboardLink? Read(JsonSource link)
    {
        var type = link["type"]?.AsText() ?? "link";
        var url = link["url"]?.AsText() ?? "";
        var safe = url.Length == 0 || url.StartsWith('/') || url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || url.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!safe || (type == "link" && url.Length == 0)) return null;
        return new(link["title"]?.AsText() ?? "", url, type, link["targetBlank"]?.AsFlag() ?? false,
            [.. link["tags"]?.Items.Select(tag => tag.AsText()).OfType<string>() ?? []]);
    }
}
