using Vigie.Model;

namespace Vigie.Model.Tests.Templates;

public sealed class TemplateSetTests
{
    static readonly TemplateMap s_dot = new(
        new("name", "web"), new("count", 3L), new("ratio", 0.25), new("list", (object?[])["a", "b"]), new("map", new TemplateMap(new KeyValuePair<string, object?>("k", "v"))));

    static void Check(string template, string expected, TemplateOutput output = TemplateOutput.Text) =>
        Assert.Equal(expected, new TemplateSet(AlertmanagerFunctions.Set).ExecuteText("t", template, s_dot, new TemplateRun(), output));

    static void Refuses(string template, string expected, TemplateRun? run = null)
    {
        var problem = Assert.Throws<TemplateException>(
            () => new TemplateSet(AlertmanagerFunctions.Set).ExecuteText("t", template, s_dot, run ?? new TemplateRun()));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{ .name }}-{{ .count }}-{{ .ratio }}", "web-3-0.25")]
    [InlineData("{{ .map.k }}{{ .map.none }}", "v<no value>")]
    [InlineData("{{ .list }} {{ .map }}", "[a b] map[k:v]")]
    [InlineData("a  {{- \" b \" -}}  c", "a b c")]
    [InlineData("{{/* nothing */}}x{{- /* trims */ -}}  y", "xy")]
    [InlineData("{{ if .none }}1{{ else if eq .count 3 }}2{{ else }}3{{ end }}", "2")]
    [InlineData("{{ with .none }}1{{ else with .name }}{{ . }}{{ end }}", "web")]
    [InlineData("{{ range $i, $x := .list }}{{ $i }}{{ $x }}{{ if eq $i 0 }}{{ continue }}{{ end }}!{{ end }}", "0a1b!")]
    [InlineData("{{ range .none }}x{{ else }}none{{ end }}", "none")]
    [InlineData("{{ range $k, $v := .map }}{{ $k }}={{ $v }}{{ end }}", "k=v")]
    [InlineData("{{ $x := 1 }}{{ range .list }}{{ $x = 2 }}{{ end }}{{ $x }}", "2")]
    [InlineData("{{ define \"d\" }}<{{ . }}>{{ end }}{{ template \"d\" .name }}{{ block \"e\" 5 }}[{{ . }}]{{ end }}", "<web>[5]")]
    [InlineData("{{ and .none (index .list 9) }}", "<no value>")]
    [InlineData("{{ or .name (index .list 9) }}", "web")]
    [InlineData("{{ index .list 1 }}{{ index .map \"k\" }}{{ slice .list 1 }}", "bv[b]")]
    [InlineData("{{ len .list }}{{ len .name }}{{ len \"é\" }}", "232")]
    [InlineData("{{ printf \"%05.1f|%-4s|%4d|%q|%x|%t|%v%%\" .ratio \"a\" .count \"q\" \"hi\" true .count }}", "000.2|a   |   3|\"q\"|6869|true|3%")]
    [InlineData("{{ printf \"%d\" .name }}", "%!d(string=web)")]
    [InlineData("{{ printf \"%[2]v %[1]v\" 1 2 }}", "2 1")]
    [InlineData("{{ eq .count 1 2 3 }} {{ ne .name \"x\" }} {{ lt 1.5 2.5 }}", "true true true")]
    [InlineData("{{ .name | printf \"%s-%s\" \"a\" }}", "a-web")]
    [InlineData("{{ (index .list 0) | toUpper }}", "A")]
    [InlineData("{{ printf \"%+v %+d\" 1 1 }}", "1 +1")]
    [InlineData("{{ printf \"%[3]d\" 1 2 }}", "%!d(BADINDEX)")]
    [InlineData("{{ append nil 1 }}{{ urlUnescape \"%e9+a\" }}", "[1]\ufffd a")]
    public void Execute(string template, string expected) => Check(template, expected);

    [Theory]
    [InlineData("<a title='{{ \"x'y\" }}'>{{ \"a<b\" }}</a>", "<a title='x&#39;y'>a&lt;b</a>")]
    [InlineData("<a href=\"/q?{{ \"a b&c\" }}\">", "<a href=\"/q?a%20b%26c\">")]
    [InlineData("<a href=\"?q={{ urlquery \"a b&c\" }}\">{{ urlquery \"a b\" }}", "<a href=\"?q=a&#43;b%26c\">a&#43;b")]
    [InlineData("<a href={{ \"/a b\" }}>", "<a href=/a%20b>")]
    [InlineData("<img src=\"{{ \"javascript:x\" }}\">", "<img src=\"#ZgotmplZ\">")]
    [InlineData("<script>f({{ \"</script>\" }}, '{{ \"'\" }}')</script>{{ \"&\" }}", "<script>f(\"\\u003c/script\\u003e\", '\\u0027')</script>&amp;")]
    [InlineData("<p style=\"color:{{ \"red\" }};width:{{ \"expression(1)\" }}\">", "<p style=\"color:red;width:ZgotmplZ\">")]
    [InlineData("<!-- {{ \"x\" }} -->y", "y")]
    [InlineData("a < b <3 <{{ \"c\" }}>{{ html \"<\" }}", "a &lt; b &lt;3 &lt;c>&lt;")]
    [InlineData("{{ \"<b>\" | safeHtml }}<textarea>{{ \"</textarea>\" }}</textarea>", "<b><textarea>&lt;/textarea&gt;</textarea>")]
    public void Execute_Html_EscapesForThePlace(string template, string expected) => Check(template, expected, TemplateOutput.Html);

    [Theory]
    [InlineData("{{ nope }}", "template: t:1: function \"nope\" not defined")]
    [InlineData("a\n{{ $x }}", "template: t:2: undefined variable \"$x\"")]
    [InlineData("{{ if }}x{{ end }}", "missing value for if")]
    [InlineData("{{ end }}", "unexpected {{end}}")]
    [InlineData("{{ break }}", "{{break}} outside {{range}}")]
    [InlineData("{{ .name", "unclosed action")]
    [InlineData("{{ \"a }}", "unterminated quoted string")]
    [InlineData("{{/* a", "unclosed comment")]
    [InlineData("{{ template \"nope\" }}", "template: t:1:12: executing \"t\" at <{{template \"nope\"}}>: template \"nope\" not defined")]
    [InlineData("{{ .name.x }}", "can't evaluate field x in type string")]
    [InlineData("{{ index .list 5 }}", "error calling index: index out of range: 5")]
    [InlineData("{{ lt 1 2.5 }}", "incompatible types for comparison: int and float64")]
    [InlineData("{{ toUpper 1 }}", "wrong type for value; expected string; got int")]
    [InlineData("{{ toUpper }}", "wrong number of args for toUpper: want 1 got 0")]
    [InlineData("{{ range 1.5 }}{{ end }}", "range can't iterate over 1.5")]
    [InlineData("{{ range $i, $e := 2 }}{{ end }}", "can't use 2 to iterate over more than one variable")]
    [InlineData("{{ 09 }}", "template: t:1: integer overflow: \"09\"")]
    [InlineData("{{ 1e309 }}", "template: t:1: illegal number syntax: \"1e309\"")]
    public void Execute_Wrong_SaysWhatAndWhere(string template, string expected) => Refuses(template, expected);

    [Fact]
    public void Execute_EndlessRecursion_IsStopped() => Refuses("{{ define \"r\" }}{{ template \"r\" }}{{ end }}{{ template \"r\" }}", "maximum template depth");

    [Fact]
    public void Execute_EndlessLoop_IsStopped() => Refuses("{{ range 1000000000 }}{{ end }}", "maximum number of steps", new TemplateRun { StepsMax = 1000 });

    [Fact]
    public void Execute_LongOutput_IsStopped() =>
        Refuses("{{ range 1000 }}0123456789{{ end }}", "output is longer than 100 characters", new TemplateRun { OutputCharsMax = 100 });

    [Fact]
    public void Parse_DeepNesting_IsRefused() => Refuses("{{ " + new string('(', 5000) + "1" + new string(')', 5000) + " }}", "nests too deeply");

    [Fact]
    public void Parse_AnyPrefixOfATemplate_NeverThrowsAnythingElse()
    {
        const string Text = """
            a{{- define "x" }}{{ if and .a (eq $.b "q\n") -}} {{ range $i, $e := .c }}{{ $e | printf `%v` }}{{ end }}
            {{ else }}{{ 'x' }}{{ 0x1p-2 }}{{ end }}{{ end }}{{/* c */}}
            """;
        for (int length = 0; length <= Text.Length; length++)
        {
            try
            {
                new TemplateSet(AlertmanagerFunctions.Set).Parse("t", Text[..length]);
            }
            catch (TemplateException)
            {
                // The only exception there may be.
            }
        }
    }

    [Fact]
    public void Parse_LaterDefinition_ReplacesUnlessBlank()
    {
        var set = new TemplateSet(TemplateFunctions.BuiltIn).Parse("a", "{{ define \"x\" }}one{{ end }}");
        set.Parse("b", "{{ define \"x\" }}  {{ end }}");
        Assert.Equal("one", set.Execute("x", null, new TemplateRun()));
        set.Parse("c", "{{ define \"x\" }}two{{ end }}");
        Assert.Equal("two", set.Execute("x", null, new TemplateRun()));
    }
}
