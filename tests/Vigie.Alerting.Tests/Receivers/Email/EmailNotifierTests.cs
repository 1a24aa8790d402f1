using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;
using Vigie.Model;
using Vigie.Testing;

namespace Vigie.Alerting.Tests.Receivers.Email;

public sealed class EmailNotifierTests
{
    static readonly CancellationToken s_stop = TestContext.Current.CancellationToken;

    static async Task<NotifyOutcome> SendAsync(EmailConfig config)
    {
        using var metrics = new AlertingMetrics();
        var clock = new ManualTimeProvider();
        var context = new IntegrationContext(
            "http://am.test", NotificationTemplates.BuiltIn, new MemoryConfigFiles(), static _ => new RecordingHandler(), clock,
            new AlertingServices(NullLogger.Instance, metrics, static () => 0.5));
        using var integration = new Integration("r", 0, config, context);
        var alert = new NotificationAlert(
            false, Labels.Of(("alertname", "Disque é plein"), ("a", "<b>")), Labels.Of(("summary", ".dot line")), clock.GetUtcNow(), null, "http://p/");
        var route = Route.Build(new RouteConfig { Receiver = "r" }).Options;
        return await integration.NotifyAsync(
            new Notification("{}:{}", Labels.Of(("alertname", "Disque é plein")), route, clock.GetUtcNow(), [alert]), TestContext.Current.CancellationToken);
    }

    static EmailConfig Config(FakeMailServer server) => new()
    {
        SmartHost = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{server.Port}"),
        From = "Vigie <vigie@am.test>",
        To = "a@x.test, \"B, C\" <b@x.test>",
        Hello = "am.test",
        RequireTls = false,
        Headers = new Dictionary<string, string> { ["Subject"] = "{{ template \"email.default.subject\" . }}", ["X-Team"] = "{{ .Status }}" },
        Html = "{{ template \"email.default.html\" . }}",
        Text = "{{ range .Alerts }}{{ .Annotations.summary }}\n{{ end }}",
    };

    [Fact]
    public async Task Send_TextAndHtml()
    {
        using var server = new FakeMailServer("8BITMIME");
        Assert.Null((await SendAsync(Config(server))).Problem);
        await server.Serving.WaitAsync(TimeSpan.FromSeconds(10), s_stop);
        Assert.Equal(
            ["EHLO am.test", "MAIL FROM:<vigie@am.test> BODY=8BITMIME", "RCPT TO:<a@x.test>", "RCPT TO:<b@x.test>", "DATA", "QUIT"],
            server.Commands);
        Assert.Contains("Subject: =?utf-8?q?=5BFIRING=3A1=5D_Disque_=C3=A9_plein_=28=3Cb=3E=29?=\n", server.Mail, StringComparison.Ordinal);
        Assert.Contains("X-Team: firing\n", server.Mail, StringComparison.Ordinal);
        Assert.Contains("From: Vigie <vigie@am.test>\n", server.Mail, StringComparison.Ordinal);
        Assert.Contains("Date: Thu, 01 Jan 2026 00:00:00 +0000\n", server.Mail, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/plain; charset=UTF-8\n\n..dot line\n", server.Mail, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;", server.Mail, StringComparison.Ordinal);
        Assert.All(server.Mail.Split('\n'), static line => Assert.True(line.Length <= 200, line));
    }

    [Fact]
    public async Task Send_FailingTemplates_SendsBuiltInOnesWithTheError()
    {
        using var server = new FakeMailServer();
        var config = Config(server) with { Html = "{{ .Nope }}", Text = "{{ template \"gone\" }}", Headers = new Dictionary<string, string> { ["Subject"] = "{{ .Gone }}" } };
        Assert.Null((await SendAsync(config)).Problem);
        await server.Serving.WaitAsync(TimeSpan.FromSeconds(10), s_stop);
        string text = server.Mail.Replace("=\n", "", StringComparison.Ordinal);
        Assert.Contains("FIRING=3A1", text, StringComparison.Ordinal);
        Assert.Contains("Alerts Firing:", text, StringComparison.Ordinal);
        Assert.Contains("can't evaluate field Nope", text, StringComparison.Ordinal);
        Assert.Contains("1 firing", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_TlsRequiredAndNotOffered_SaysHowToGoOn()
    {
        using var server = new FakeMailServer();
        var outcome = await SendAsync(Config(server) with { RequireTls = true });
        Assert.Contains("does not offer STARTTLS", outcome.Problem, StringComparison.Ordinal);
        Assert.True(outcome.MayPass);
    }

    [Theory]
    [InlineData("AUTH PLAIN LOGIN", "AUTH PLAIN AHVzZXIAcHc=")]
    [InlineData("AUTH CRAM-MD5", "AUTH CRAM-MD5")]
    public async Task Send_Authenticates(string extension, string expected)
    {
        using var server = new FakeMailServer(extension);
        // The example of RFC 2195.
        server.Answer = static line => line == "AUTH CRAM-MD5"
            ? "334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+"
            : line.StartsWith("dX", StringComparison.Ordinal) ? "235 in" : null;
        var config = extension.Contains("CRAM", StringComparison.Ordinal)
            ? Config(server) with { AuthUsername = "user", AuthSecret = new Secret("tanstaaftanstaaf") }
            : Config(server) with { AuthUsername = "user", AuthPassword = new Secret("pw") };
        Assert.Null((await SendAsync(config)).Problem);
        await server.Serving.WaitAsync(TimeSpan.FromSeconds(10), s_stop);
        Assert.Contains(expected, server.Commands);
    }

    [Theory]
    [InlineData("550 no such user", false)]
    [InlineData("451 try later", true)]
    public async Task Send_Refused_IsTriedAgainOnlyIfItMayPass(string answer, bool mayPass)
    {
        using var server = new FakeMailServer { Answer = line => line.StartsWith("RCPT", StringComparison.Ordinal) ? answer : null };
        var outcome = await SendAsync(Config(server));
        Assert.Equal("send mail: " + answer, outcome.Problem);
        Assert.Equal(mayPass, outcome.MayPass);
    }

    [Fact]
    public async Task Send_NobodyThere_MayPass()
    {
        int port;
        using (var server = new FakeMailServer()) port = server.Port;
        var outcome = await SendAsync(new EmailConfig { SmartHost = $"127.0.0.1:{port}", From = "a@x.test", To = "b@x.test" });
        Assert.StartsWith($"connect to 127.0.0.1:{port}: ", outcome.Problem, StringComparison.Ordinal);
        Assert.True(outcome.MayPass);
    }
}
