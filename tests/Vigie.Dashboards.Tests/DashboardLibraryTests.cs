using System.Text;

namespace Vigie.Dashboards.Tests;

public class DashboardLibraryTests
{
    static DashboardText Text(string path, string json) => new(path, Encoding.UTF8.GetBytes(json));

    static readonly DashboardLibrary Library = DashboardLibrary.Read(
    [
        Text("b.json", """{"uid":"x","title":"Beta","tags":["linux"],"panels":[]}"""),
        Text("a.json", """{"uid":"x","title":"Alpha","panels":[]}"""),
        Text("team/c.json", """{"title":"Gamma Linux","panels":[]}"""),
        Text("broken.json", "{"),
    ]);

    [Fact]
    public void Read_SameUidTwice_SecondGetsItsOwnAndAProblemIsReported()
    {
        Assert.Equal("Alpha", Library.Find("x")?.Dashboard?.Title);
        Assert.Equal("Beta", Library.Find("x-2")?.Dashboard?.Title);
        Assert.Contains(Library.Problems, problem => problem.ToString() == "b.json:1:1: uid: \"x\" belongs to a.json already, using \"x-2\"");
    }

    [Fact]
    public void Read_BrokenFile_IsAProblemAndNothingElse()
    {
        Assert.Equal(["Alpha", "Beta", "Gamma Linux"], Library.Files.Select(file => file.Dashboard!.Title));
        Assert.Equal("team", Library.Files[2].Folder);
        Assert.Contains(Library.Problems, problem => problem.Position.File == "broken.json");
    }

    [Theory]
    [InlineData("LINUX", "", "Gamma Linux")]
    [InlineData("", "linux", "Beta")]
    [InlineData(null, "", "Alpha,Beta,Gamma Linux")]
    [InlineData("nothing", "", "")]
    public void Search_ByTitleAndTags(string? query, string tags, string titles) => Assert.Equal(
        titles,
        string.Join(',', Library.Search(query, tags.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(file => file.Dashboard!.Title)));
}
