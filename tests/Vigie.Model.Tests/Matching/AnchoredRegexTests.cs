namespace Vigie.Model.Tests;

public sealed class AnchoredRegexTests
{
    [Theory]
    [InlineData("foo", "foo", true)]
    [InlineData("foo", "foobar", false)]
    [InlineData("foo|bar", "bar", true)]
    [InlineData("fo[ox]", "fox", true)]
    [InlineData("a.c", "a😀c", true)]
    [InlineData("a..c", "a😀c", false)]
    [InlineData("[^a]", "😀", true)]
    [InlineData("[😀-😎]+", "😃😄", true)]
    [InlineData("[😀-😎]+", "x", false)]
    [InlineData(".+", "😀", true)]
    [InlineData(".{2}", "😀x", true)]
    [InlineData("a.*", "a\nb", true)]
    [InlineData("(?-s:a.*)", "a\nb", false)]
    [InlineData("a{2}{3}", "", null)]
    [InlineData("(a{100}){11}", "", null)]
    [InlineData("(a{10}){10}", "a", false)]
    [InlineData("x{,2}", "x{,2}", true)]
    [InlineData("a**", "", null)]
    [InlineData("a)(b", "", null)]
    [InlineData("(?P<n", "", null)]
    [InlineData("(?P<a-b>x)", "", null)]
    [InlineData("(?i)ß", "ẞ", true)]
    [InlineData("(?i)ω", "Ω", true)]
    [InlineData("(?i)σ", "ς", true)]
    [InlineData("(?i)[a-k]", "\u212a", true)]
    [InlineData("(?i)i", "ı", false)]
    [InlineData("\\x{1F600}", "😀", true)]
    [InlineData("\\101", "A", true)]
    [InlineData("\\8", "", null)]
    [InlineData("[[:foo:]]", "", null)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a", "", null)]
    [InlineData("\\p{Lu}", "É", true)]
    [InlineData("\\PL", "é", false)]
    [InlineData("\\p{Nope}", "", null)]
    [InlineData("(?U)a+", "aaa", true)]
    [InlineData("a|", "", true)]
    [InlineData("é\\ba", "éa", true)]
    [InlineData(".*\\bé.*", "xé", true)]
    [InlineData(".*\\bé.*", "é", false)]
    [InlineData(".*\\Bé", "é", true)]
    [InlineData("\\Qa.b", "a.b", true)]
    public void IsMatch(string source, string value, bool? expected)
    {
        if (expected is null) Assert.Throws<FormatException>(() => AnchoredRegex.Parse(source));
        else Assert.Equal(expected, AnchoredRegex.Parse(source).IsMatch(value));
    }

    [Theory]
    [InlineData("(a)(?P<n>b)(c)", "abc", "$3-$n-${1}-$$-$x-$", "c-b-a-$--$")]
    [InlineData("(a)(b)?", "a", "<$2>", "<>")]
    [InlineData("(.*)", "x", "$1y", "")]
    [InlineData("(.*)", "x", "${1}y", "xy")]
    [InlineData("(.*)", "x", "${1", "${1")]
    [InlineData("(.*)", "x", "$01", "")]
    public void Expand(string source, string value, string template, string expected)
    {
        var regex = AnchoredRegex.Parse(source);
        Assert.Equal(expected, regex.Expand(template, regex.Match(value)!));
    }

    [Theory]
    [InlineData("foo(1|2)", "foo1,foo2", "")]
    [InlineData("^(?:a|b)$", "a,b", "")]
    [InlineData("foo.*", null, "foo")]
    [InlineData("foo(a|b+)", null, "foo")]
    [InlineData("(?i)foo", "FOO,FOo,FoO,Foo,fOO,fOo,foO,foo", "")]
    public void TextsAndPrefix(string source, string? texts, string prefix)
    {
        var regex = AnchoredRegex.Parse(source);
        Assert.Equal(texts, regex.Texts is null ? null : string.Join(',', regex.Texts.Order(StringComparer.Ordinal)));
        Assert.Equal(prefix, regex.Prefix);
    }

    [Theory]
    [InlineData("a*", "baaac", "x", "xbxcx")]
    [InlineData("x*", "😀", "-", "-😀-")]
    [InlineData("(?P<first>\\w)\\w*", "foo bar", "$first.", "f. b.")]
    [InlineData(".", "a\nb", "x", "x\nx")]
    public void ReplaceAll(string source, string text, string template, string expected) =>
        Assert.Equal(expected, GoRegex.Parse(source).ReplaceAll(text, template));
}
