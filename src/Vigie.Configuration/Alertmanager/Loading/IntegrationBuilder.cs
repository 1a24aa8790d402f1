using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;
using Vigie.Configuration.Yaml;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>Makes the record of an integration whose section is complete.</summary>
static class IntegrationBuilder
{
    public static IntegrationConfig Build(string kind, Section s)
    {
        var http = s.Schema.Find("http_config") is not null
            && s.Sub("http_config") is { } block ? HttpClientSchema.Build(block) : HttpClientConfig.Default;
        IntegrationConfig config = kind switch
        {
            "webhook" => new WebhookConfig
            {
                Url = s.Secret("url"),
                UrlFile = s.Text("url_file"),
                AlertsMax = s.Int("max_alerts"),
                Timeout = s.Duration("timeout"),
                Payload = (ConfigNode?)s["payload"],
            },
            "slack" => Slack(s),
            "email" => Email(s),
            "pagerduty" => PagerDuty(s),
            "discord" => new DiscordConfig
            {
                WebhookUrl = s.Secret("webhook_url"),
                WebhookUrlFile = s.Text("webhook_url_file"),
                Content = s.Text("content"),
                Title = s.Text("title"),
                Message = s.Text("message"),
                Username = s.Text("username"),
                AvatarUrl = s.Text("avatar_url"),
            },
            _ => new OtherIntegrationConfig(kind) { Node = s.Node },
        };
        return config with { Position = s.Node.Position, SendResolved = s.Bool("send_resolved"), Http = http };
    }

    static SlackConfig Slack(Section s) => new()
    {
        ApiUrl = s.Secret("api_url"),
        ApiUrlFile = s.Text("api_url_file"),
        AppToken = s.Secret("app_token"),
        AppTokenFile = s.Text("app_token_file"),
        AppUrl = s.Text("app_url"),
        Channel = s.Text("channel"),
        Username = s.Text("username"),
        Color = s.Text("color"),
        Title = s.Text("title"),
        TitleLink = s.Text("title_link"),
        Pretext = s.Text("pretext"),
        Text = s.Text("text"),
        MessageText = s.Text("message_text"),
        Fields = [.. s.Subs("fields").Select(static f => new SlackFieldConfig(f.Text("title"), f.Text("value"), (bool?)f["short"]))],
        ShortFields = s.Bool("short_fields"),
        Footer = s.Text("footer"),
        Fallback = s.Text("fallback"),
        CallbackId = s.Text("callback_id"),
        IconEmoji = s.Text("icon_emoji"),
        IconUrl = s.Text("icon_url"),
        ImageUrl = s.Text("image_url"),
        ThumbUrl = s.Text("thumb_url"),
        LinkNames = s.Bool("link_names"),
        MarkdownIn = s.Texts("mrkdwn_in"),
        Actions = [.. s.Subs("actions").Select(SlackAction)],
        UpdateMessage = s.Bool("update_message"),
        Timeout = s.Duration("timeout"),
    };

    /// <summary>A link has a URL and nothing else; a button has a name, a value and perhaps a question.</summary>
    static SlackActionConfig SlackAction(Section a)
    {
        bool isLink = !a.IsZero("url");
        return new SlackActionConfig
        {
            Type = a.Text("type"),
            Text = a.Text("text"),
            Url = a.Text("url"),
            Style = a.Text("style"),
            Name = isLink ? "" : a.Text("name"),
            Value = isLink ? "" : a.Text("value"),
            Confirm = !isLink && a.Sub("confirm") is { } c
                ? new SlackConfirmationConfig(c.Text("text"), c.Text("title"), c.Text("ok_text"), c.Text("dismiss_text")) : null,
        };
    }

    static EmailConfig Email(Section s) => new()
    {
        To = s.Text("to"),
        From = s.Text("from"),
        Hello = s.Text("hello"),
        SmartHost = s.Text("smarthost"),
        AuthUsername = s.Text("auth_username"),
        AuthPassword = s.Secret("auth_password"),
        AuthPasswordFile = s.Text("auth_password_file"),
        AuthSecret = s.Secret("auth_secret"),
        AuthSecretFile = s.Text("auth_secret_file"),
        AuthIdentity = s.Text("auth_identity"),
        RequireTls = s.Bool("require_tls"),
        ForceImplicitTls = (bool?)s["force_implicit_tls"],
        Tls = HttpClientSchema.BuildTls(s.Sub("tls_config")),
        Headers = s.Map("headers"),
        Html = s.Text("html"),
        Text = s.Text("text"),
        Threading = new EmailThreadingConfig(
            s.Sub("threading")!.Bool("enabled"), s.Sub("threading")!.IsZero("thread_by_date") ? "daily"
                : s.Sub("threading")!.Text("thread_by_date")),
    };

    static PagerDutyConfig PagerDuty(Section s) => new()
    {
        ServiceKey = s.Secret("service_key"),
        ServiceKeyFile = s.Text("service_key_file"),
        RoutingKey = s.Secret("routing_key"),
        RoutingKeyFile = s.Text("routing_key_file"),
        Url = s.Text("url"),
        Client = s.Text("client"),
        ClientUrl = s.Text("client_url"),
        Description = s.Text("description"),
        Details = s.Map("details"),
        Images = [.. s.Subs("images").Select(static i => new PagerDutyImageConfig(i.Text("src"), i.Text("alt"), i.Text("href")))],
        Links = [.. s.Subs("links").Select(static l => new PagerDutyLinkConfig(l.Text("href"), l.Text("text")))],
        Source = s.Text("source"),
        Severity = s.Text("severity"),
        Class = s.Text("class"),
        Component = s.Text("component"),
        Group = s.Text("group"),
        Timeout = s.Duration("timeout"),
    };
}
