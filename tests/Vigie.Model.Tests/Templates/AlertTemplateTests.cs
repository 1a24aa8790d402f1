using Vigie.Model;

namespace Vigie.Model.Tests.Templates;

public sealed class AlertTemplateTests
{
    static readonly AlertTemplateData s_data = new(
        Labels.Of(("job", "api"), ("instance", "a:9090")), Labels.Of(("cluster", "eu")), "http://vigie/prom", 0.0525);

    static string Expand(string text, Func<string, IReadOnlyList<TemplateSample>>? query = null) =>
        AlertTemplate.Parse("__alert_X", text).Expand(s_data, new PrometheusTemplateContext(query ?? (_ => []), "http://vigie/prom"), DateTimeOffset.UnixEpoch);

    [Theory]
    [InlineData("no template", "no template")]
    [InlineData("{{ $labels.job }} on {{ $labels.instance | stripPort }}: {{ $value | humanizePercentage }}", "api on a: 5.25%")]
    [InlineData("{{ $externalLabels.cluster }} {{ $externalURL }}{{ pathPrefix }}", "eu http://vigie/prom/prom")]
    [InlineData("{{ $labels.absent }}.", ".")]
    [InlineData("{{ printf \"%.1f\" $value }}", "0.1")]
    public void Expand_Text(string template, string expected) => Assert.Equal(expected, Expand(template));

    [Fact]
    public void Expand_Query_GivesSamples() => Assert.Equal("x=7 of up",
        Expand("{{ with query \"up\" | first }}{{ .Labels.a }}={{ . | value }} of {{ .Labels.__name__ }}{{ end }}",
            query => [new TemplateSample(Labels.Of(("__name__", query), ("a", "x")), 7)]));

    [Fact]
    public void Expand_QueryFails_IsATemplateError()
    {
        var problem = Assert.Throws<TemplateException>(() => Expand("{{ query \"bad(\" }}", _ => throw new InvalidOperationException("parse error")));
        Assert.Equal(
            "error executing template __alert_X: template: __alert_X:1:115: executing \"__alert_X\" at <query \"bad(\">: error calling query: parse error",
            problem.Message);
    }

    [Fact]
    public void Parse_Wrong_SaysSo()
    {
        var problem = Assert.Throws<TemplateException>(() => AlertTemplate.Parse("__alert_X", "{{ $nope }}"));
        Assert.Equal("error parsing template __alert_X: template: __alert_X:1: undefined variable \"$nope\"", problem.Message);
    }
}
