using System.Text;
using System.Text.Json;
using Vigie.Testing;

namespace Vigie.PromQL.Tests.Parser;

public sealed class PromQLParserTests
{
    public static TheoryData<ulong> Seeds() => [.. SeededRandom.Seeds(20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Parse_OfPrintedTree_GivesTheTree(ulong seed)
    {
        var expressions = new RandomExpressions(new SeededRandom(seed));
        for (int i = 0; i < 200; i++)
        {
            var tree = expressions.Next(depth: 4);
            string text = tree.ToString();
            string wanted = TreeOf(tree), found = TreeOf(PromQLParser.Parse(text, ParserOptions.AllExperimental));
            Assert.True(wanted == found, $"seed {seed}: {text}\nmade\n{wanted}\nparsed\n{found}");
            string formatted = ExpressionFormatter.Format(tree);
            Assert.Equal(text, PromQLParser.Parse(formatted, ParserOptions.AllExperimental).ToString());
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Parse_OfDamagedText_RefusesOrAccepts(ulong seed)
    {
        var random = new SeededRandom(seed);
        var expressions = new RandomExpressions(random);
        for (int i = 0; i < 200; i++)
        {
            var text = new StringBuilder(expressions.Next(depth: 3).ToString());
            for (int damage = random.Next(1, 4); damage > 0 && text.Length > 0; damage--)
            {
                int at = random.Next(text.Length);
                if (random.Chance(40)) text.Remove(at, 1);
                else text.Insert(at, random.Pick("(", ")", "[", "]", "{", "}", "\"", "`", "'", "\\", ",", " by ", "5m", "1e", "@", "-",
                    "0x", "\ud800", "#", "="));
            }
            try
            {
                PromQLParser.Parse(text.ToString(), ParserOptions.AllExperimental);
            }
            catch (PromQLParseException problem)
            {
                Assert.Matches("^([0-9]+:[0-9]+|unknown position): parse error: .", problem.Message);
            }
        }
    }

    [Fact]
    public void Parse_OfEveryPrefix_NeverFailsOtherwise()
    {
        const string Text = "sum by (job, \"x y\") (rate(http_requests_total{code=~\"5..\", a!='b'}[5m:30s] @ start() offset -1h))"
            + " / on () group_left (a) {x=`y`} > bool 0x1F";
        for (int length = 0; length < Text.Length; length++)
        {
            try
            {
                PromQLParser.Parse(Text[..length]);
            }
            catch (PromQLParseException)
            {
                // Most prefixes are not expressions.
            }
        }
        PromQLParser.Parse(Text);
    }

    [Theory]
    [InlineData("sum(foo bar)", "1:9: parse error: unexpected identifier \"bar\" in aggregation")]
    [InlineData("sum by (a) foo", "1:12: parse error: unexpected identifier \"foo\" in aggregation")]
    [InlineData("foo[5m 5m]", "1:8: parse error: unexpected duration \"5m\" in subquery or range, expected \":\" or \"]\"")]
    [InlineData("foo[5m:1m 1]", "1:11: parse error: unexpected number \"1\" in subquery selector, expected \"]\"")]
    [InlineData("foo offset", "1:11: parse error: unexpected end of input in offset, expected number, duration, step(), or range()")]
    [InlineData("foo{a}", "1:6: parse error: unexpected \"}\" in label matching, expected label matching operator")]
    [InlineData("foo\n  bar", "2:3: parse error: unexpected identifier \"bar\"")]
    [InlineData("\"é\" foo", "1:6: parse error: unexpected identifier \"foo\"")]
    [InlineData("a + group_left b", "1:5: parse error: unexpected <group_left>")]
    [InlineData("a + on (b) group_left", "1:22: parse error: unexpected end of input in grouping opts, expected \"(\"")]
    [InlineData("sum by (without) (a)", "1:9: parse error: unexpected <without> in grouping opts, expected label")]
    [InlineData("a!", "1:2: parse error: unexpected character after '!': '\ufffd'")]
    [InlineData("0x0deadbe]", "1:10: parse error: unexpected right bracket ']'")]
    [InlineData("\"\\x\n\"", "1:1: parse error: illegal character U+000A in escape sequence")]
    [InlineData("foo{a=~\"(\"}", "1:5: parse error: error parsing regexp: missing closing ): `(`")]
    public void Parse_OfWrongText_SaysWhatAndWhere(string text, string message) =>
        Assert.Equal(message, Assert.Throws<PromQLParseException>(() => PromQLParser.Parse(text)).Message);

    [Theory]
    [InlineData("1+", "1", 200_000)]
    [InlineData("-", "1", 200_000)]
    [InlineData("(", "1", 200_000)]
    [InlineData("abs(", "1", 200_000)]
    [InlineData("1^", "1", 200_000)]
    public void Parse_OfDeepNesting_IsRefused(string piece, string end, int times)
    {
        string text = new StringBuilder(piece.Length * times).Insert(0, piece, times).Append(end).ToString();
        var problem = Assert.Throws<PromQLParseException>(() => PromQLParser.Parse(text));
        Assert.Contains("nested too deeply", problem.Message, StringComparison.Ordinal);
    }

    static string TreeOf(Expression expression)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) ExpressionJson.Write(json, expression);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
