using System.Text;

namespace Vigie.Dashboards.Tests.Reading;

public class DashboardReaderTests
{
    static DashboardFile Read(string json, string path = "a.json") => DashboardReader.Read(new(path, Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("""{"title":"T","panels":[]}""")]
    [InlineData("""{"dashboard":{"title":"T","panels":[]}}""")]
    [InlineData("// exported\n{\"dashboard\": {\"title\": \"T\", /* none */ \"panels\": [],}}")]
    [InlineData("\uFEFF{\"title\":\"T\",\"rows\":[]}")]
    public void Read_EveryWrapping_FindsTheDashboard(string json)
    {
        var file = Read(json);
        Assert.Equal("T", file.Dashboard?.Title);
        Assert.Empty(file.Problems);
    }

    [Theory]
    [InlineData("{\n  \"title\": oops }", "a.json:2:12: not JSON")]
    [InlineData("", "a.json:1:1: not JSON")]
    [InlineData("[1]", "a.json:1:1: an array, expected a dashboard object")]
    [InlineData("{}", "a.json:1:1: no title, panels or rows, expected a dashboard")]
    public void Read_NotADashboard_SaysWhere(string json, string problem)
    {
        var file = Read(json);
        Assert.Null(file.Dashboard);
        Assert.StartsWith(problem, Assert.Single(file.Problems).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"title\":\"T\",\n\"panels\":[{\"type\":\"stat\",\n \"gridPos\":{\"w\":\"twelve\"}}]}", "a.json:3:17: panels[0].gridPos.w: \"twelve\", expected a number")]
    [InlineData("{\"title\":\"T\",\n\"panels\":[7]}", "a.json:2:11: panels[0]: 7, expected a panel object")]
    [InlineData("{\"title\":\"T\",\"panels\":[{\"type\":\"geomap\"}]}",
        "a.json:1:32: panels[0].type: \"geomap\", expected a panel type that can be drawn; its values are shown as a table")]
    [InlineData("{\"panels\":[]}", "a.json:1:1: title missing, showing the file's name \"a\"")]
    public void Read_OddPart_IsReportedAndTheRestShown(string json, string problem)
    {
        var file = Read(json);
        Assert.NotNull(file.Dashboard);
        Assert.Equal(problem, Assert.Single(file.Problems).ToString());
    }

    [Fact]
    public void Read_UnknownMembers_AreKept()
    {
        var dashboard = Read("""{"title":"T","weekStart":"monday","panels":[{"type":"stat","pluginVersion":"11"}]}""").Dashboard!;
        Assert.Equal("monday", dashboard.Extra["weekStart"]?.ToString());
        Assert.Equal("11", dashboard.Panels[0].Extra["pluginVersion"]?.ToString());
    }

    [Fact]
    public void Read_WithoutUid_GivesTheSameOneAgainAndAnotherForAnotherFile()
    {
        const string json = """{"title":"T","panels":[]}""";
        Assert.Equal(Read(json).Dashboard!.Uid, Read(json).Dashboard!.Uid);
        Assert.NotEqual(Read(json).Dashboard!.Uid, Read(json, "b.json").Dashboard!.Uid);
    }

    [Fact]
    public void Read_MissingAndRepeatedIds_BecomeUnique()
    {
        var panels = Read("""{"title":"T","panels":[{"id":3,"type":"stat"},{"type":"stat"},{"id":3,"type":"stat"}]}""").Dashboard!.Panels;
        Assert.Equal([3, 4, 5], panels.Select(panel => panel.Id));
    }

    [Fact]
    public void Read_SomePanelsWithoutPlace_StandBelowTheOthers()
    {
        var panels = Read("""{"title":"T","panels":[{"type":"stat"},{"type":"stat","gridPos":{"x":0,"y":0,"w":24,"h":4}},{"type":"row"},{"type":"stat"}]}""")
            .Dashboard!.Panels;
        Assert.Equal([new(0, 4, 12, 8), new(0, 0, 24, 4), new(0, 12, 24, 1), new(0, 13, 12, 8)], panels.Select(panel => panel.GridPos));
    }

    [Theory]
    [InlineData("""{"name":"v","type":"custom","query":"a, b\\,c, Five : 5"}""", "a=a b,c=b,c Five=5", "a")]
    [InlineData("""{"name":"v","type":"interval","query":"1m,5m","current":{"text":"5m","value":"5m"}}""", "1m=1m 5m=5m", "5m")]
    [InlineData("""{"name":"v","type":"constant","query":"${VAR_K}-x"}""", "", "k-x")]
    [InlineData("""{"name":"v","type":"query","query":{"query":"label_values(job)"},"current":{"text":["x","y"],"value":["x","y"]}}""", "", "x,y")]
    public void Read_Variable_GetsOptionsAndCurrent(string variable, string options, string current)
    {
        var read = Read($$"""{"title":"T","panels":[],"__inputs":[{"name":"VAR_K","type":"constant","value":"k"}],"templating":{"list":[{{variable}}] } }""")
            .Dashboard!.Templating.List[0];
        Assert.Equal(options, string.Join(' ', read.Options.Select(option => $"{option.Text}={option.Value}")));
        Assert.Equal(current, string.Join(',', read.Current.Select(option => option.Value)));
    }

    [Theory]
    [InlineData("\"${DS_X}\"", "loki")]
    [InlineData("{\"type\":\"prometheus\",\"uid\":\"u\"}", "prometheus")]
    [InlineData("\"Prometheus\"", null)]
    [InlineData("null", null)]
    public void Read_Datasource_OfEveryAge(string datasource, string? type)
    {
        var panel = Read($$"""{"title":"T","__inputs":[{"name":"DS_X","type":"datasource","pluginId":"loki"}],"panels":[{"type":"stat","datasource":{{datasource}} }]}""")
            .Dashboard!.Panels[0];
        Assert.Equal(type, panel.Datasource?.Type);
    }

    [Fact]
    public void Read_ScriptLinks_AreDropped()
    {
        var dashboard = Read("""{"title":"T","panels":[],"links":[{"url":"javascript:alert(1)"},{"title":"ok","url":"https://example.org"}]}""").Dashboard!;
        Assert.Equal("ok", Assert.Single(dashboard.Links).Title);
    }

    [Fact]
    public void Read_EveryPrefixOfAFile_NeverThrows()
    {
        const string json = """{"dashboard":{"title":"é","panels":[{"type":"graph","targets":[{"expr":"up"}],"yaxes":[{"format":"s"}]}]}}""";
        var utf8 = Encoding.UTF8.GetBytes(json);
        for (var length = 0; length < utf8.Length; length++)
            Assert.Null(DashboardReader.Read(new("a.json", utf8.AsMemory(0, length))).Dashboard);
    }
}
