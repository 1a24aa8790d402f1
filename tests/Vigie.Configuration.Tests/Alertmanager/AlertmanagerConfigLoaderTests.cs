using Vigie.Configuration.Tests;

namespace Vigie.Configuration.Alertmanager.Tests;

public sealed class AlertmanagerConfigLoaderTests
{
    const string Mail = """
        global: {smtp_smarthost: 'mail:587', smtp_from: a@b, smtp_auth_password: hunter2}
        route: {receiver: mail}
        receivers:
        - name: mail
          email_configs:
          - to: c@d
            subject: 'S {{ .Status }}'
            body: 'B'
        """;

    [Fact]
    public void Load_SubjectAndBody_AreTakenAndWarnedAbout()
    {
        var problems = new ConfigProblems();
        var mail = Assert.IsType<EmailConfig>(AlertmanagerConfigLoader.Load("am.yml", Mail, problems)!.Receivers[0].Integrations.Single());
        Assert.Equal("S {{ .Status }}", mail.Headers["Subject"]);
        Assert.Equal(("B", ""), (mail.Text, mail.Html));
        Assert.Equal(["am.yml:7:14", "am.yml:8:11"], problems.Warnings.Select(static w => w.Position.ToString()));
        Assert.Contains("headers.Subject", problems.Warnings.First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Email_TakesOverFromGlobal()
    {
        var mail = (EmailConfig)AlertmanagerConfigLoader.Load("am.yml", Mail, new())!.Receivers[0].Integrations.Single();
        Assert.Equal(("mail:587", "a@b", "hunter2", true), (mail.SmartHost, mail.From, mail.AuthPassword!.Reveal(), mail.RequireTls));
    }

    [Fact]
    public void Load_Route_CombinesAndSortsMatchers()
    {
        var route = AlertmanagerConfigLoader.Load("am.yml", """
            route:
              receiver: r
              routes:
              - match: {severity: critical}
                match_re: {team: a|b}
                matchers: [app!=x]
                group_by: ['...']
            receivers: [{name: r}]
            """, new())!.Route.Routes.Single();
        Assert.Equal("{app!=\"x\",severity=\"critical\",team=~\"^(?:a|b)$\"}", AlertMatchers.Format(route.Matchers));
        Assert.True(route.GroupByAll);
        Assert.Null(route.Receiver);
    }

    [Fact]
    public void Load_TemplatesThatAreNotThere_AreWarnedAbout()
    {
        var problems = new ConfigProblems();
        var config = AlertmanagerConfigLoader.Load("am/am.yml", "route: {receiver: r}\nreceivers: [{name: r}]\ntemplates: ['t/*.tmpl']\n",
            new MemoryFiles(), problems)!;
        Assert.Equal(["am/t/*.tmpl"], config.Templates);
        Assert.Contains("am/t/*.tmpl", Assert.Single(problems.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ManyMistakes_ReportsAll()
    {
        var problems = new ConfigProblems();
        Assert.Null(AlertmanagerConfigLoader.Load("am.yml", """
            route: {receiver: nobody, continue: true, group_by: [a, a]}
            receivers:
            - name: r
              webhook_configs: [{url: "ftp://x"}, {}]
              pagerduty_configs: [{}]
            time_intervals: [{name: t, time_intervals: [{weekdays: [someday]}]}]
            """, problems));
        Assert.Equal(
        [
            "am.yml:1:53: route.group_by: duplicated label \"a\" in group_by",
            "am.yml:4:27: receivers[0].webhook_configs[0].url: found a value that cannot be used, expected an http or https URL, or a template: unsupported scheme \"ftp\" for URL",
            "am.yml:4:39: receivers[0].webhook_configs[1].url: one of url or url_file must be configured",
            "am.yml:5:23: receivers[0].pagerduty_configs[0]: missing service or routing key in PagerDuty config",
            "am.yml:6:57: time_intervals[0].time_intervals[0].weekdays[0]: someday is not a valid weekday",
            "am.yml:1:37: route.continue: cannot have continue in root route",
            "am.yml:1:19: route.receiver: undefined receiver \"nobody\" used in route",
        ], problems.Errors.Select(static p => p.ToString()));
    }
}
