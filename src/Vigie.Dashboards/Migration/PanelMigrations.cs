namespace Vigie.Dashboards;

/// <summary>Which retired panel type becomes what.</summary>
static class PanelMigrations
{
    public static Panel Migrate(Panel panel, JsonSource source) => panel.Type switch
    {
        "graph" => GraphMigration.Migrate(panel, source),
        "singlestat" or "grafana-singlestat-panel" => SinglestatMigration.Migrate(panel, source),
        "table-old" => TableMigration.Migrate(panel, source),
        "table" when source["styles"] is not null || source["columns"] is not null => TableMigration.Migrate(panel, source),
        "text" => TextMigration.Migrate(panel, source),
        "grafana-piechart-panel" => PiechartMigration.Migrate(panel, source),
        "heatmap-old" or "heatmap-new" => panel with { Type = "heatmap" },
        _ => panel,
    };
}
