using System.Text;

namespace Vigie.Dashboards.Tests.Migration;

public class PanelMigrationsTests
{
    static Panel Migrate(string panel)
    {
        var json = $$"""{"title":"T","panels":[{{panel}}]}""";
        return DashboardReader.Read(new("a.json", Encoding.UTF8.GetBytes(json))).Dashboard!.Panels[0];
    }

    [Fact]
    public void Graph_Style_BecomesCustom()
    {
        var panel = Migrate("""
            {"type":"graph","fill":3,"linewidth":2,"stack":true,"percentage":true,"steppedLine":true,"nullPointMode":"connected",
             "yaxes":[{"format":"bytes","label":"Memory","min":"0","logBase":2},{"format":"short"}],
             "legend":{"show":true,"values":true,"avg":true,"current":true,"alignAsTable":true,"rightSide":true},
             "tooltip":{"shared":true,"sort":2}}
            """);
        var (defaults, custom) = (panel.FieldConfig.Defaults, panel.FieldConfig.Defaults.Custom);
        Assert.Equal("timeseries", panel.Type);
        Assert.Equal(("bytes", 0d), (defaults.Unit, defaults.Min));
        Assert.Equal(30, (double)custom["fillOpacity"]!);
        Assert.Equal("percent", (string?)custom["stacking"]!["mode"]);
        Assert.Equal("stepAfter", (string?)custom["lineInterpolation"]);
        Assert.Equal("log", (string?)custom["scaleDistribution"]!["type"]);
        Assert.True((bool)custom["spanNulls"]!);
        Assert.Equal("""["mean","lastNotNull"]""", panel.Options["legend"]!["calcs"]!.ToJsonString());
        Assert.Equal("right", (string?)panel.Options["legend"]!["placement"]);
        Assert.Equal("desc", (string?)panel.Options["tooltip"]!["sort"]);
    }

    [Theory]
    [InlineData("Response time (seconds)", "s")]
    [InlineData("Hit rate (%)", "percent")]
    [InlineData("Requests per second", "reqps")]
    [InlineData("Connections", null)]
    public void Graph_UnitInAxisLabel_IsUsed(string label, string? unit) =>
        Assert.Equal(unit, Migrate($$"""{"type":"graph","yAxes":[{"label":"{{label}}"}]}""").FieldConfig.Defaults.Unit);

    [Fact]
    public void Graph_SeriesOverridesAndColors_BecomeOverrides()
    {
        var overrides = Migrate("""
            {"type":"graph","aliasColors":{"errors":"#f00"},"yaxes":[{},{"format":"percent"}],
             "seriesOverrides":[{"alias":"/out.*/","transform":"negative-Y"},{"alias":"cpu","yaxis":2,"lines":false}]}
            """).FieldConfig.Overrides;
        Assert.Equal(["byName", "byRegexp", "byName"], overrides.Select(item => item.Matcher.Id));
        Assert.Equal("negative-Y", (string?)overrides[1].Properties[0].Value);
        Assert.Equal(["custom.axisPlacement", "unit", "custom.lineWidth"], overrides[2].Properties.Select(property => property.Id));
    }

    [Fact]
    public void Singlestat_Everything_BecomesStat()
    {
        var panel = Migrate("""
            {"type":"singlestat","format":"none","postfix":" rps","valueName":"avg","colorBackground":true,"sparkline":{"show":true},
             "thresholds":"1,2","colors":["red","orange","green"],"valueMaps":[{"value":"0","text":"Down"},{"value":"null","text":"N/A"}]}
            """);
        Assert.Equal("stat", panel.Type);
        Assert.Equal("suffix:rps", panel.FieldConfig.Defaults.Unit);
        Assert.Equal("""["mean"]""", panel.Options["reduceOptions"]!["calcs"]!.ToJsonString());
        Assert.Equal(("background", "area"), ((string?)panel.Options["colorMode"], (string?)panel.Options["graphMode"]));
        Assert.Equal([new("red", null), new("orange", 1), new("green", 2)], panel.FieldConfig.Defaults.Thresholds!.Steps);
        Assert.Equal("Down", (string?)panel.FieldConfig.Defaults.Mappings[0]!["options"]!["0"]!["text"]);
        Assert.Equal("special", (string?)panel.FieldConfig.Defaults.Mappings[1]!["type"]);
    }

    [Fact]
    public void Singlestat_WithGauge_BecomesGauge()
    {
        var panel = Migrate("""{"type":"singlestat","format":"percent","gauge":{"show":true,"minValue":0,"maxValue":100}}""");
        Assert.Equal(("gauge", 0d, 100d), (panel.Type, panel.FieldConfig.Defaults.Min, panel.FieldConfig.Defaults.Max));
    }

    [Fact]
    public void OldTable_Styles_BecomeOverrides()
    {
        var panel = Migrate("""
            {"type":"table","targets":[{"expr":"up"}],"styles":[{"pattern":"Time","type":"hidden"},{"pattern":"/.*bytes/","type":"number","unit":"bytes","alias":"Size"}]}
            """);
        Assert.Equal("table", panel.Type);
        Assert.True(panel.Targets[0].Instant);
        Assert.Equal(["custom.hidden", "displayName"], panel.FieldConfig.Overrides.Select(item => item.Properties[0].Id));
    }

    [Fact]
    public void OldText_Content_MovesToOptions() =>
        Assert.Equal("# Hi", (string?)Migrate("""{"type":"text","mode":"markdown","content":"# Hi"}""").Options["content"]);
}
