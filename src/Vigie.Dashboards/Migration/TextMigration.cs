namespace Vigie.Dashboards;

/// <summary>Text panels kept <c>content</c> and <c>mode</c> on the panel itself before Grafana 7.</summary>
static class TextMigration
{
    public static Panel Migrate(Panel panel, JsonSource source)
    {
        if (!panel.Options.ContainsKey("content")) panel.Options["content"] = source["content"]?.AsText() ?? "";
        if (!panel.Options.ContainsKey("mode")) panel.Options["mode"] = source["mode"]?.AsText() ?? "markdown";
        return panel;
    }
}
