using Vigie.Testing;

namespace Vigie.Model.Tests.Go;

public sealed class GoTextTests
{
    [Theory]
    [InlineData("\"a\\tb\"", "a\tb")]
    [InlineData("'it\\'s'", "it's")]
    [InlineData("`raw\\n`", "raw\\n")]
    [InlineData("\"\\xc3\\xa9\"", "é")]
    [InlineData("\"\\u00e9\\U0001F600\\101\"", "é😀A")]
    public void Unquote_GivesTheText(string literal, string expected) => Assert.Equal(expected, GoText.Unquote(literal));

    [Fact]
    public void Unquote_OfByteThatIsNotUtf8_KeepsIt() => Assert.Equal("a\udcffb", GoText.Unquote("\"a\\xffb\""));

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("\"a'")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"\\'\"")]
    [InlineData("\"\\x4\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("\"a\nb\"")]
    [InlineData("plain")]
    public void Unquote_OfOtherText_IsRefused(string literal) => Assert.Throws<FormatException>(() => GoText.Unquote(literal));

    public static TheoryData<ulong> Seeds() => [.. SeededRandom.Seeds(5)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Unquote_IsTheInverseOfQuote(ulong seed)
    {
        var random = new SeededRandom(seed);
        for (int i = 0; i < 500; i++)
        {
            string text = random.NextText(random.Next(12), "a\"'\\\n\r\t\0\u007f\u00a0é日\u2028\udcff`\ue000");
            Assert.Equal(text, GoText.Unquote(GoText.Quote(text)));
        }
    }
}
