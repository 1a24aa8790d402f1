using System.Text.Json;

namespace Vigie.Dashboards.Tests.Reading;

public class PublishedDashboardsTests
{
    [Fact]
    public void Read_EveryPublishedDashboard_GivesPanelsWithPlacesAndUniqueIds()
    {
        var library = DashboardLibrary.Read(PublishedDashboards.All());
        Assert.DoesNotContain(library.Problems, problem => problem.Severity == Configuration.ConfigSeverity.Error);
        Assert.True(library.Files.Count >= 10, $"{library.Files.Count} dashboards, expected at least 10");
        foreach (var file in library.Files)
        {
            var panels = file.Dashboard!.Panels.Concat(file.Dashboard.Panels.SelectMany(panel => panel.Panels ?? [])).ToList();
            Assert.NotEmpty(panels);
            Assert.Equal(panels.Count, panels.Select(panel => panel.Id).Distinct().Count());
            Assert.All(panels, panel => Assert.InRange(panel.GridPos.X + panel.GridPos.W, 1, GridPosition.Columns));
            Assert.DoesNotContain(panels, panel => panel.Type is "graph" or "singlestat" or "table-old");
            Assert.All(panels.SelectMany(panel => panel.Targets), target => Assert.NotEmpty(target.Expr));
        }
    }

    [Fact]
    public void Read_EveryPublishedDashboard_CanBeWrittenAndReadAgain()
    {
        foreach (var file in DashboardLibrary.Read(PublishedDashboards.All()).Files)
        {
            var written = JsonSerializer.SerializeToUtf8Bytes(file.Dashboard!, DashboardJson.Format);
            var again = DashboardReader.Read(new(file.Path, written));
            Assert.Empty(again.Problems);
            Assert.Equal(JsonSerializer.Serialize(file.Dashboard!, DashboardJson.Format), JsonSerializer.Serialize(again.Dashboard!, DashboardJson.Format));
        }
    }

    [Fact]
    public void Read_NodeExporterFull_KeepsItsPanelsAndChainedVariables()
    {
        var dashboard = PublishedDashboards.Read("node-exporter-full.json");
        Assert.Equal(141, dashboard.Panels.Count + dashboard.Panels.Sum(panel => panel.Panels?.Count ?? 0));
        Assert.Equal(["ds_prometheus", "job", "nodename", "node"], dashboard.Templating.List.Select(variable => variable.Name));
        Assert.Equal("label_values(node_uname_info{job=\"$job\"}, nodename)", dashboard.Templating.List[2].Query);
    }

    [Fact]
    public void Read_RowsSchema_PlacesPanelsOnTheGrid()
    {
        var dashboard = PublishedDashboards.Read("docker-rows-schema.json");
        Assert.Equal(13, dashboard.Panels.Count(panel => panel.Type != "row"));
        Assert.Equal(new GridPosition(6, 0, 6, 6), dashboard.Panels.Where(panel => panel.Type != "row").ElementAt(1).GridPos);
    }

    [Fact]
    public void Read_GuidesOverview_UnwrapsAndPlacesTwoPerRow()
    {
        var dashboard = PublishedDashboards.Read("veza-alerting/grafana/dashboards/veza-overview.json");
        Assert.Equal("Veza Platform Overview", dashboard.Title);
        Assert.Equal([new(0, 0, 12, 8), new(12, 0, 12, 8), new(0, 8, 12, 8)], dashboard.Panels.Take(3).Select(panel => panel.GridPos));
        Assert.Equal("s", dashboard.Panels[1].FieldConfig.Defaults.Unit);
    }
}
