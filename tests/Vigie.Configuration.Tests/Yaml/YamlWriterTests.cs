namespace Vigie.Configuration.Yaml.Tests;

public sealed class YamlWriterTests
{
    [Theory]
    [InlineData("plain text", "k: plain text\n")]
    [InlineData("", "k: \"\"\n")]
    [InlineData("yes", "k: \"yes\"\n")]
    [InlineData("12", "k: \"12\"\n")]
    [InlineData("09:00", "k: \"09:00\"\n")]
    [InlineData("1:2:3.5", "k: \"1:2:3.5\"\n")]
    [InlineData("190:20:30.15", "k: \"190:20:30.15\"\n")]
    [InlineData("+1:2", "k: \"+1:2\"\n")]
    [InlineData("1_0:2", "k: \"1_0:2\"\n")]
    [InlineData("127.0.0.1:9090", "k: 127.0.0.1:9090\n")]
    [InlineData("1.5:3", "k: 1.5:3\n")]
    [InlineData("12:61", "k: 12:61\n")]
    [InlineData("1:", "k: '1:'\n")]
    [InlineData("{{ .x }}", "k: '{{ .x }}'\n")]
    [InlineData("it's: here", "k: 'it''s: here'\n")]
    [InlineData("a\nb", "k: |-\n  a\n  b\n")]
    [InlineData("a\nb\n", "k: |\n  a\n  b\n")]
    [InlineData("bell\a", "k: \"bell\\a\"\n")]
    [InlineData("...", "k: '...'\n")]
    [InlineData("<secret>", "k: <secret>\n")]
    public void Text_IsQuotedWhereNeeded(string text, string expected)
    {
        var writer = new YamlWriter();
        writer.Key("k", () => writer.Text(text));
        Assert.Equal(expected, writer.ToString());
        Assert.Equal(text, YamlReader.Read("f.yml", expected, new ConfigProblems())!["k"]!.Text);
    }
}
