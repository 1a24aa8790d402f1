namespace Vigie.Configuration.Tests;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("*.yml", "a.yml", true)]
    [InlineData("*.yml", "a.yaml", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("", "", true)]
    public void IsMatch(string pattern, string name, bool expected) => Assert.Equal(expected, GlobPattern.IsMatch(pattern, name));

    [Fact]
    public void Find_WalksFolders()
    {
        var files = new MemoryFiles(("r/a/1.yml", ""), ("r/b/2.yml", ""), ("r/b/3.txt", ""), ("top.yml", ""));
        Assert.Equal(["r/a/1.yml", "r/b/2.yml"], GlobPattern.Find(files, "r/*/*.yml"));
        Assert.Equal(["top.yml"], GlobPattern.Find(files, "top.yml"));
        Assert.Empty(GlobPattern.Find(files, "none.yml"));
    }

    [Theory]
    [InlineData("a/b", "c.yml", "a/b/c.yml")]
    [InlineData("a/b", "../c.yml", "a/c.yml")]
    [InlineData("", "./c.yml", "c.yml")]
    [InlineData("a", "/c.yml", "/c.yml")]
    [InlineData("/a", "../../c", "/c")]
    [InlineData("a", "", "")]
    public void Join(string folder, string path, string expected) => Assert.Equal(expected, ConfigPath.Join(folder, path));
}
