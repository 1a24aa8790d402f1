namespace Vigie.Dashboards;

/// <summary>The pie chart plug-in of the time before Grafana had one.</summary>
static class PiechartMigration
{
    public static Panel Migrate(Panel panel, JsonSource source)
    {
        panel.Options["pieType"] = source["pieType"]?.AsText() ?? "pie";
        panel.Options["reduceOptions"] = Reducers.Options(source["valueName"]?.AsText());
        var defaults = panel.FieldConfig.Defaults;
        return panel with
        {
            Type = "piechart",
            FieldConfig = panel.FieldConfig with { Defaults = defaults with { Unit = defaults.Unit ?? source["format"]?.AsText() } },
        };
    }
}
