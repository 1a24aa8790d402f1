using Vigie.Model;
using MatchType = Vigie.Model.MatchType;

namespace Vigie.PromQL.Tests.Parser;

public sealed class MatcherEditTests
{
    [Theory]
    [InlineData("foo", "a", MatchType.Equal, "1", "foo{a=\"1\"}")]
    [InlineData("foo{a!=\"x\",b=\"2\"}", "a", MatchType.Regex, "y|z", "foo{a=~\"y|z\",b=\"2\"}")]
    [InlineData("foo{a=\"x\",a!=\"y\"}", "a", MatchType.Equal, "1", "foo{a=\"1\",a=\"1\"}")]
    [InlineData("sum by (a) (rate(foo[5m])) / bar offset 1m", "a", MatchType.NotEqual, "q\"",
        "sum by (a) (rate(foo{a!=\"q\\\"\"}[5m])) / bar{a!=\"q\\\"\"} offset 1m")]
    [InlineData("max_over_time(foo[5m:1m]) > 1", "b", MatchType.NotRegex, "c", "max_over_time(foo{b!~\"c\"}[5m:1m]) > 1")]
    [InlineData("topk(scalar(k), -foo)", "a", MatchType.Equal, "1", "topk(scalar(k{a=\"1\"}), -foo{a=\"1\"})")]
    [InlineData("foo", "a.b", MatchType.Equal, "1", "foo{\"a.b\"=\"1\"}")]
    [InlineData("foo{a=\"1\"}", "__name__", MatchType.Equal, "bar", "bar{a=\"1\"}")]
    [InlineData("foo", "__name__", MatchType.Regex, "b.*", "{__name__=~\"b.*\"}")]
    [InlineData("{__name__=~\"f.*\"}", "__name__", MatchType.Equal, "bar", "{__name__=\"bar\"}")]
    [InlineData("1 + 2", "a", MatchType.Equal, "1", "1 + 2")]
    public void Set_InEverySelector_ReplacesOrAdds(string query, string label, MatchType type, string value, string expected) =>
        Assert.Equal(expected, MatcherEdit.Set(Parse(query), new LabelMatcher(type, label, value)).ToString());

    [Theory]
    [InlineData("foo{a=\"1\",b=\"2\",a!=\"3\"} + on (a) bar{a=\"1\"}", "a", "foo{b=\"2\"} + on (a) bar")]
    [InlineData("{a=\"1\"}", "a", "{}")]
    [InlineData("foo{a=\"1\"}", "b", "foo{a=\"1\"}")]
    [InlineData("foo{a=\"1\"}", "__name__", "{a=\"1\"}")]
    [InlineData("absent(rate(foo{a=\"1\"}[5m]))", "a", "absent(rate(foo[5m]))")]
    public void Delete_InEverySelector_RemovesAllOfTheLabel(string query, string label, string expected) =>
        Assert.Equal(expected, MatcherEdit.Delete(Parse(query), label).ToString());

    static Expression Parse(string query) => PromQLParser.Parse(query, ParserOptions.AllExperimental);
}
