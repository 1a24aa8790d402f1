using System.Net;
using System.Text.Json.Nodes;
using Vigie.Configuration;
using Vigie.Configuration.Alertmanager;

namespace Vigie.Alerting.Tests.Receivers;

public sealed class HttpReceiverTests
{
    /// <summary>Fires one alert at an integration and compares what it posts.</summary>
    static AlertmanagerBench Check(IntegrationConfig integration, string url, string body)
    {
        var bench = new AlertmanagerBench(AlertmanagerBench.Config(integration));
        bench.Fire(("alertname", "A"), ("i", "1"));
        bench.Advance(10);
        Assert.Equal(url, bench.Http.Requests[0].Url);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), bench.Http.Body(0)), bench.Http.Requests[0].Body);
        return bench;
    }

    [Fact]
    public void Webhook_Version4() => Check(
        new WebhookConfig { Url = new Secret("http://hook.test/{{ .GroupLabels.alertname }}") },
        "http://hook.test/A",
        """
        {"receiver":"r","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A","i":"1"},"annotations":{"summary":"it burns"},
        "startsAt":"2026-01-01T00:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://p/","fingerprint":"caaaffbd9ccf039f"}],
        "notification_reason":"first notification","groupLabels":{"alertname":"A"},"commonLabels":{"alertname":"A","i":"1"},
        "commonAnnotations":{"summary":"it burns"},"externalURL":"http://am.test","version":"4","groupKey":"{}:{alertname=\"A\"}","truncatedAlerts":0}
        """).Dispose();

    [Fact]
    public void Webhook_DiscordUrl_GetsDiscordsBody() => Check(
        new WebhookConfig { Url = new Secret("https://discord.com/api/webhooks/1/token") },
        "https://discord.com/api/webhooks/1/token",
        """
        {"content":"","embeds":[{"title":"[FIRING:1] A (1)","color":10038562,
        "description":"\n\nAlerts Firing:\nLabels:\n - alertname = A\n - i = 1\nAnnotations:\n - summary = it burns\nSource: http://p/\n\n\n\n"}]}
        """).Dispose();

    [Fact]
    public void Slack() => Check(
        new SlackConfig
        {
            ApiUrl = new Secret("http://slack.test/x"), Channel = "#a", Username = "bot", Title = "{{ .Status }}", TitleLink = "{{ .ExternalURL }}",
            Text = "{{ range .Alerts }}{{ .Annotations.summary }}{{ end }}", Color = "{{ template \"slack.default.color\" . }}", Fallback = "f",
            Fields = [new SlackFieldConfig("i", "{{ .CommonLabels.i }}", null)], ShortFields = true,
        },
        "http://slack.test/x",
        """
        {"channel":"#a","username":"bot","attachments":[{"title":"firing","title_link":"http://am.test","text":"it burns","fallback":"f","callback_id":"",
        "fields":[{"title":"i","value":"1","short":true}],"footer":"","color":"danger","mrkdwn_in":["fallback","pretext","text"]}]}
        """).Dispose();

    [Theory]
    [InlineData("ok", true)]
    [InlineData("", true)]
    [InlineData("{\"ok\":true}", true)]
    [InlineData("{\"success\":true}", true)]
    [InlineData("invalid_payload", false)]
    [InlineData("{\"ok\":false,\"error\":\"channel_not_found\"}", false)]
    public void Slack_Answer(string body, bool isDelivered)
    {
        using var bench = new AlertmanagerBench(AlertmanagerBench.Config(new SlackConfig { ApiUrl = new Secret("http://slack.test/x") }));
        bench.Http.Answer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) };
        bench.Fire(("alertname", "A"));
        bench.Advance(100);
        Assert.Equal(isDelivered ? 1 : 2, bench.Http.Requests.Count);
    }

    [Fact]
    public void PagerDuty_Version1() => Check(
        new PagerDutyConfig
        {
            ServiceKey = new Secret("key"), Description = "{{ .CommonAnnotations.summary }}", Client = "c", ClientUrl = "u",
            Details = new Dictionary<string, string> { ["n"] = "{{ .Alerts.Firing | len }}", ["a"] = "{{ toJson .GroupLabels }}", ["t"] = "7 of 9" },
        },
        "https://events.pagerduty.com/generic/2010-04-15/create_event.json",
        """
        {"service_key":"key","incident_key":"HASH","event_type":"trigger","description":"it burns",
        "client":"c","client_url":"u","details":{"a":{"alertname":"A"},"n":1,"t":"7 of 9"}}
        """.Replace("HASH", KeyHash, StringComparison.Ordinal)).Dispose();

    [Fact]
    public void PagerDuty_Version2()
    {
        using var bench = Check(
            new PagerDutyConfig
            {
                RoutingKey = new Secret("key"), Description = "d", Client = "c", ClientUrl = "u", Severity = "{{ .CommonLabels.severity }}", SendResolved = true,
            },
            "https://events.pagerduty.com/v2/enqueue",
            """
            {"routing_key":"key","dedup_key":"HASH","event_action":"trigger","payload":{"summary":"d","source":"c","severity":"error"},"client":"c","client_url":"u"}
            """.Replace("HASH", KeyHash, StringComparison.Ordinal));
        bench.Resolve(("alertname", "A"), ("i", "1"));
        bench.Advance(60);
        Assert.Equal("resolve", bench.Http.Body(1)["event_action"]!.ToString());
        Assert.Equal(KeyHash, bench.Http.Body(1)["dedup_key"]!.ToString());
    }

    [Theory]
    [InlineData(true, HttpStatusCode.Forbidden, true)]
    [InlineData(true, HttpStatusCode.BadRequest, false)]
    [InlineData(false, HttpStatusCode.TooManyRequests, true)]
    [InlineData(false, HttpStatusCode.Forbidden, false)]
    public void PagerDuty_Retries(bool isVersion1, HttpStatusCode status, bool isRetried)
    {
        var config = isVersion1 ? new PagerDutyConfig { ServiceKey = new Secret("k") } : new PagerDutyConfig { RoutingKey = new Secret("k") };
        using var bench = new AlertmanagerBench(AlertmanagerBench.Config(config));
        bench.Http.Answer = _ => new HttpResponseMessage(status);
        bench.Fire(("alertname", "A"));
        bench.Advance(20);
        Assert.Equal(isRetried, bench.Http.Requests.Count > 1);
    }

    [Fact]
    public void Secret_InFile_IsReadForEveryNotification()
    {
        var files = new MemoryConfigFiles().With("/run/url", "http://one.test/\n");
        using var bench = new AlertmanagerBench(AlertmanagerBench.Config(new WebhookConfig { UrlFile = "/run/url", SendResolved = true }), files);
        bench.Fire(("alertname", "A"));
        bench.Advance(10);
        files.With("/run/url", "http://two.test/");
        bench.Resolve(("alertname", "A"));
        bench.Advance(60);
        Assert.Equal(["http://one.test/", "http://two.test/"], bench.Http.Requests.Select(static request => request.Url));
    }

    static string KeyHash => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("{}:{alertname=\"A\"}"u8));
}
