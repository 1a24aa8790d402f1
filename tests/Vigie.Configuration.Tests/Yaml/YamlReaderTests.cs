using System.Text;

namespace Vigie.Configuration.Yaml.Tests;

public sealed class YamlReaderTests
{
    [Theory]
    [InlineData("a: 1\nb: [x, 'y z']\n", "{a:1,b:[x,y z]}")]
    [InlineData("a: &x {k: v}\nb: *x\n", "{a:{k:v},b:{k:v}}")]
    [InlineData("base: &b {a: 1, b: 2}\nc:\n  <<: *b\n  b: 3\n", "{base:{a:1,b:2},c:{b:3,a:1}}")]
    [InlineData("a:\nb: ~\nc: ''\n", "{a:null,b:null,c:}")]
    [InlineData("t: !!binary aGk=\n", "{t:hi}")]
    [InlineData("first: 1\n---\nsecond: 2\n", "{first:1}")]
    [InlineData("# only a comment\n", "null")]
    public void Read(string text, string expected)
    {
        var problems = new ConfigProblems();
        Assert.Equal(expected, Print(YamlReader.Read("f.yml", text, problems)!));
        Assert.Empty(problems.All);
    }

    [Theory]
    [InlineData("a: 1\na: 2\n", "f.yml:2:1: a: found the key a second time, expected it once (first at line 1)")]
    [InlineData("a: [1, 2\nb: 3\n", "f.yml:1:5: not valid YAML: a list")]
    [InlineData("a: [1, 2", "f.yml:2:1: not valid YAML")]
    [InlineData("a: b: c", "f.yml:1:5: not valid YAML")]
    [InlineData("a: *nope\n", "f.yml:1:")]
    [InlineData("a: {<<: 3}\n", "f.yml:1:9: <<: found \"3\", expected a map or a list of maps to merge")]
    [InlineData("k: !!binary \"/w==\"\n", "f.yml:1:4: found bytes that are not UTF-8, expected text")]
    public void Read_Wrong_SaysWhere(string text, string expected)
    {
        var problems = new ConfigProblems();
        YamlReader.Read("f.yml", text, problems);
        Assert.StartsWith(expected, Assert.Single(problems.All).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AliasesThatExplode_AreRefused()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++)
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        var problems = new ConfigProblems();
        Assert.Null(YamlReader.Read("f.yml", text.ToString(), problems));
        Assert.Contains("aliases expand to more than", problems.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TooDeep_IsRefused()
    {
        var problems = new ConfigProblems();
        Assert.Null(YamlReader.Read("f.yml", new string('[', 200) + new string(']', 200), problems));
        Assert.Contains("levels deep", problems.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_CountFromOne()
    {
        var node = YamlReader.Read("f.yml", "a:\n  - b: c\n", new ConfigProblems())!;
        Assert.Equal("f.yml:2:8", node["a"]!.Items[0]["b"]!.Position.ToString());
    }

    static string Print(ConfigNode node) => node.Kind switch
    {
        ConfigNodeKind.Null => "null",
        ConfigNodeKind.Scalar => node.Text,
        ConfigNodeKind.List => $"[{string.Join(',', node.Items.Select(Print))}]",
        _ => "{" + string.Join(',', node.Entries.Select(e => $"{e.Key.Text}:{Print(e.Value)}")) + "}",
    };
}
