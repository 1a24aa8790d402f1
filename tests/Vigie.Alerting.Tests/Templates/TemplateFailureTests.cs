using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;

namespace Vigie.Alerting.Tests.Templates;

public sealed class TemplateFailureTests
{
    static string SlackText(SlackConfig slack, MemoryConfigFiles files, out string title, IReadOnlyList<string>? templates = null)
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.Config(slack) with { Templates = templates ?? ["t/*.tmpl"] }, files);
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(10);
        var attachment = bench.Http.Body(0)["attachments"]![0]!;
        title = attachment["title"]!.ToString();
        return attachment["text"]!.ToString();
    }

    static SlackConfig Slack(string title, string text) => new() { ApiUrl = new Secret("http://slack.test/T/B/x"), Title = title, Text = text };

    [Fact]
    public void MissingTemplate_BuiltInTextIsSentWithTheError()
    {
        string text = SlackText(Slack("{{ template \"slack.veza.title\" . }}", "{{ .CommonAnnotations.summary }}"), new MemoryConfigFiles(), out string title);
        Assert.Equal("[FIRING:1] A (1)", title);
        Assert.StartsWith("it burns\n\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "title: template: :1:12: executing \"\" at <{{template \"slack.veza.title\" .}}>: template \"slack.veza.title\" not defined", text, StringComparison.Ordinal);
    }

    [Fact]
    public void FailingText_BuiltInTextIsSentWithTheError()
    {
        string text = SlackText(Slack("t", "{{ .Nope }}"), new MemoryConfigFiles(), out _);
        Assert.Contains("Alerts Firing:", text, StringComparison.Ordinal);
        Assert.Contains("can't evaluate field Nope", text, StringComparison.Ordinal);
    }

    [Fact]
    public void TemplateFiles_AreUsed_ABrokenOneIsLeftOut()
    {
        var files = new MemoryConfigFiles()
            .With("t/a.tmpl", "{{ define \"slack.veza.title\" }}{{ .Status | toUpper }} {{ len .Alerts }}{{ end }}")
            .With("t/b.tmpl", "{{ define \"x\" }}{{ nope }}{{ end }}");
        SlackText(Slack("{{ template \"slack.veza.title\" . }}", "x"), files, out string title);
        Assert.Equal("FIRING 1", title);
    }

    [Theory]
    [InlineData("{{ if .Alerts }}{{ template \"gone\" . }}{{ end }}", "title: template \"gone\" not defined")]
    [InlineData("{{ nope }}", "title: template: :1: function \"nope\" not defined")]
    [InlineData("{{ template \"slack.default.title\" . }}", null)]
    public void BrokenText_IsSaidWhenTheConfigurationIsLoaded(string title, string? expected)
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.Config(Slack(title, "x")));
        string? warning = bench.Log.Lines.Find(static line => line.StartsWith("Warning", StringComparison.Ordinal));
        if (expected is null) Assert.Null(warning);
        else Assert.Contains(expected, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void BuiltInTemplate_CanBeRedefined()
    {
        var files = new MemoryConfigFiles().With("t/a.tmpl", "{{ define \"__subject\" }}mine{{ end }}");
        SlackText(Slack("{{ template \"slack.default.title\" . }}", "x"), files, out string title);
        Assert.Equal("mine", title);
    }
}
