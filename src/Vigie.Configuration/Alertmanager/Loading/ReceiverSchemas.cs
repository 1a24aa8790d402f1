using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>The keys of every integration of a receiver (Alertmanager, docs/configuration.md), in the order upstream prints them.</summary>
static class ReceiverSchemas
{
    static SectionSchema SlackField { get; } = new("Slack field", [Text("title"), Text("value"), OptionalBool("short")],
        static (s, reader) =>
    {
        Require(s, reader, "title", "missing title in Slack field configuration");
        Require(s, reader, "value", "missing value in Slack field configuration");
    });

    static SectionSchema SlackConfirm { get; } = new("Slack confirmation",
        [Text("text"), Text("title"), Text("ok_text"), Text("dismiss_text")],
        static (s, reader) => Require(s, reader, "text", "missing text in Slack confirmation configuration"));

    static SectionSchema SlackAction { get; } = new("Slack action",
        [Text("type"), Text("text"), Text("url"), Text("style"), Text("name"), Text("value"), OptionalSub("confirm", SlackConfirm)],
        static (s, reader) =>
        {
            Require(s, reader, "type", "missing type in Slack action configuration");
            Require(s, reader, "text", "missing text in Slack action configuration");
            if (s.IsZero("url")) Require(s, reader, "name", "missing name or url in Slack action configuration");
        });

    static SectionSchema RocketField { get; } = new("Rocket.Chat field", [OptionalBool("short"), Text("title"), Text("value")]);

    static SectionSchema RocketAction { get; } = new("Rocket.Chat action",
    [
        Text("type"), Text("text"), Text("url"), Text("image_url"), Bool("is_webview"), Text("webview_height_ratio"), Text("msg"),
        Bool("msg_in_chat_window"), Text("msg_processing_type"),
    ]);

    static readonly IReadOnlyList<Field> s_mattermostAttachment =
    [
        Text("fallback"), Text("color"), Text("pretext"), Text("author_name"), Text("author_link"), Text("author_icon"), Text("title"),
        Text("title_link"), Subs("fields", new SectionSchema("Mattermost field", [Text("title"), Text("value"), OptionalBool("short")])),
        Text("thumb_url"), Text("footer"), Text("footer_icon"), Text("image_url"),
    ];

    static SectionSchema Sigv4 { get; } = new("sigv4",
    [
        Text("region"), Text("access_key"), SecretText("secret_key"), Text("profile"), Text("role_arn"), Text("external_id"),
        Bool("use_fips_sts_endpoint"), Text("service_name"),
    ]);

    /// <summary>By kind (the part of the key before <c>_configs</c>), in the order a receiver prints them.</summary>
    public static IReadOnlyList<(string Kind, SectionSchema Schema)> ByKind { get; } =
    [
        ("discord", Schema("discord", true,
        [
            SecretUrl("webhook_url"), Text("webhook_url_file"), Text("content"), Template("title", "discord.default.title"),
            Template("message", "discord.default.message"), Text("username"), Text("avatar_url"),
        ], static (s, reader) => OneOfTwo(s, reader, "webhook_url", "webhook_url_file"))),
        ("email", new SectionSchema("email_config",
        [
            Bool("send_resolved").Always(), Text("to"), Text("from"), Text("hello"), HostPort("smarthost"), Text("auth_username"),
            SecretText("auth_password"), Text("auth_password_file"), SecretText("auth_secret"), Text("auth_secret_file"),
            Text("auth_identity"),
            Map("headers"), Template("html", "email.default.html"), Text("text"), OptionalBool("require_tls"),
            OptionalSub("tls_config", HttpClientSchema.Tls), OptionalBool("force_implicit_tls"),
            Sub("threading", new SectionSchema("threading", [Bool("enabled"), OneOf("thread_by_date", "", "none", "daily")])),
            Text("subject").Hidden(), Text("body").Hidden(),
        ], EmailChecks.Check)),
        ("incidentio", Schema("incidentio", true,
        [
            Url("url"), Text("url_file"), SecretText("alert_source_token"), Text("alert_source_token_file"), Count("max_alerts").Always(),
            GoSpan("timeout").Always(),
        ], static (s, reader) =>
        {
            OneOfTwo(s, reader, "url", "url_file");
            AtMostOne(s, reader, "alert_source_token", "alert_source_token_file");
            if (HttpClientSchema.Count(s, "alert_source_token", "alert_source_token_file") == 0
                && s.Sub("http_config")?.Sub("authorization") is null)
                reader.Error(s, "at least one of alert_source_token, alert_source_token_file or http_config.authorization must be configured");
        })),
        ("pagerduty", Schema("pagerduty", true,
        [
            SecretText("service_key"), Text("service_key_file"), SecretText("routing_key"), Text("routing_key_file"), Url("url"),
            Template("client", "pagerduty.default.client"), Template("client_url", "pagerduty.default.clientURL"),
            Text("description").Or("{{ template \"pagerduty.default.description\" .}}"), Map("details"),
            Subs("images", new SectionSchema("PagerDuty image", [Text("src"), Text("alt"), Text("href")])),
            Subs("links", new SectionSchema("PagerDuty link", [Text("href"), Text("text")])), Text("source"), Text("severity"),
            Text("class"),
            Text("component"), Text("group"), GoSpan("timeout").Always(),
        ], PagerDutyChecks)),
        ("slack", Schema("slack", false,
        [
            SecretUrl("api_url"), Text("api_url_file"), SecretText("app_token"), Text("app_token_file"), Url("app_url"), Text("channel"),
            Template("username", "slack.default.username"), Template("color", "slack.default.color"),
            Template("title", "slack.default.title"),
            Template("title_link", "slack.default.titlelink"), Template("pretext", "slack.default.pretext"),
            Template("text", "slack.default.text"),
            Text("message_text"), Subs("fields", SlackField), Bool("short_fields").Always(), Template("footer", "slack.default.footer"),
            Template("fallback", "slack.default.fallback"), Template("callback_id", "slack.default.callbackid"),
            Template("icon_emoji", "slack.default.iconemoji"), Template("icon_url", "slack.default.iconurl"), Text("image_url"),
            Text("thumb_url"),
            Bool("link_names").Always(), Texts("mrkdwn_in"), Subs("actions", SlackAction), Bool("update_message").Always(),
            GoSpan("timeout").Always(),
        ], SlackChecks)),
        ("webhook", Schema("webhook", true,
            [SecretTemplateUrl("url").Always(), Text("url_file").Always(), Count("max_alerts").Always(), GoSpan("timeout").Always(),
                Any("payload")],
            static (s, reader) => OneOfTwo(s, reader, "url", "url_file"))),
        ("opsgenie", Schema("opsgenie", true,
        [
            SecretText("api_key"), Text("api_key_file"), Url("api_url"), Template("message", "opsgenie.default.message"),
            Template("description", "opsgenie.default.description"), Template("source", "opsgenie.default.source"), Map("details"),
            Text("entity"),
            Subs("responders", new SectionSchema("responder", [Text("id"), Text("name"), Text("username"), Text("type")], ResponderChecks)),
            Text("actions"), Text("tags"), Text("note"), Text("priority"), Bool("update_alerts"),
        ], static (s, reader) => AtMostOne(s, reader, "api_key", "api_key_file"))),
        ("wechat", Schema("wechat", false,
        [
            SecretText("api_secret"), Text("api_secret_file"), Text("corp_id"), Template("message", "wechat.default.message"),
            Url("api_url"),
            Template("to_user", "wechat.default.to_user"), Template("to_party", "wechat.default.to_party"),
            Template("to_tag", "wechat.default.to_tag"),
            Template("agent_id", "wechat.default.agent_id"), Text("message_type").Or("text"),
        ], static (s, reader) =>
        {
            AtMostOne(s, reader, "api_secret", "api_secret_file");
            if (s.IsZero("message_type")) s.Set("message_type", "text");
            if (s.Text("message_type") is not ("text" or "markdown"))
                reader.Error(s, "message_type",
                    $"weChat message type \"{s.Text("message_type")}\" does not match valid options ^(text|markdown)$");
        })),
        ("pushover", Schema("pushover", true,
        [
            SecretText("user_key"), Text("user_key_file"), SecretText("token"), Text("token_file"),
            Template("title", "pushover.default.title"),
            Template("message", "pushover.default.message"), Template("url", "pushover.default.url"), Text("url_title"), Text("device"),
            Text("sound"), Text("priority").Or("{{ if eq .Status \"firing\" }}2{{ else }}0{{ end }}"),
            GoSpan("retry").Or(TimeSpan.FromMinutes(1)), GoSpan("expire").Or(TimeSpan.FromHours(1)), GoSpan("ttl"), Bool("html"),
            Bool("monospace"),
        ], static (s, reader) =>
        {
            OneOfTwo(s, reader, "user_key", "user_key_file");
            OneOfTwo(s, reader, "token", "token_file");
            if (s.Bool("html") && s.Bool("monospace")) reader.Error(s, "html", "at most one of monospace & html must be configured");
        })),
        ("victorops", Schema("victorops", true,
        [
            SecretText("api_key"), Text("api_key_file"), Url("api_url").Always(), Text("routing_key").Always(),
            Text("message_type").Or("CRITICAL").Always(), Template("state_message", "victorops.default.state_message").Always(),
            Template("entity_display_name", "victorops.default.entity_display_name").Always(),
            Template("monitoring_tool", "victorops.default.monitoring_tool").Always(), Map("custom_fields"),
        ], static (s, reader) =>
        {
            Require(s, reader, "routing_key", "missing Routing key in VictorOps config");
            AtMostOne(s, reader, "api_key", "api_key_file");
            foreach (string name in s.Map("custom_fields").Keys)
                if (name is "routing_key" or "message_type" or "state_message" or "entity_display_name" or "monitoring_tool" or "entity_id" or "entity_state")
                    reader.Error(s, "custom_fields",
                        $"victorOps config contains custom field {name} which cannot be used as it conflicts with the fixed/static fields");
        })),
        ("sns", Schema("sns", true,
        [
            Text("api_url"), Sub("sigv4", Sigv4).Always(), Text("topic_arn"), Text("phone_number"), Text("target_arn"),
            Template("subject", "sns.default.subject"), Template("message", "sns.default.message"), Map("attributes"),
        ], static (s, reader) =>
        {
            if (HttpClientSchema.Count(s, "topic_arn", "phone_number", "target_arn") != 1)
                reader.Error(s, "must provide either a Target ARN, Topic ARN, or Phone Number for SNS config");
        })),
        ("telegram", Schema("telegram", true,
        [
            Url("api_url"), SecretText("bot_token"), Text("bot_token_file"), Int("chat_id"), Text("chat_id_file"), Int("message_thread_id"),
            Template("message", "telegram.default.message"), Bool("disable_notifications"), Text("parse_mode").Or("HTML"),
        ], static (s, reader) =>
        {
            AtMostOne(s, reader, "bot_token", "bot_token_file");
            if (HttpClientSchema.Count(s, "chat_id", "chat_id_file") == 0)
                reader.Error(s, "chat_id", "missing chat_id or chat_id_file on telegram_config");
            AtMostOne(s, reader, "chat_id", "chat_id_file");
            if (s.Text("parse_mode") is not ("" or "Markdown" or "MarkdownV2" or "HTML"))
                reader.Error(s, "parse_mode", "unknown parse_mode on telegram_config, must be Markdown, MarkdownV2, HTML or empty string");
        })),
        ("webex", Schema("webex", true, [Url("api_url"), Template("message", "webex.default.message"), Text("room_id").Always()],
            static (s, reader) =>
        {
            Require(s, reader, "room_id", "missing room_id on webex_config");
            if (s.Sub("http_config")?.Sub("authorization") is null)
                reader.Error(s, "http_config", "missing webex_configs.http_config.authorization");
        })),
        ("msteams", Schema("msteams", true,
        [
            SecretUrl("webhook_url"), Text("webhook_url_file"), Template("title", "msteams.default.title"),
            Template("summary", "msteams.default.summary"), Template("text", "msteams.default.text"),
        ], static (s, reader) => OneOfTwo(s, reader, "webhook_url", "webhook_url_file"))),
        ("msteamsv2", Schema("msteamsv2", true,
        [
            SecretUrl("webhook_url"), Text("webhook_url_file"), Template("title", "msteamsv2.default.title"),
            Template("text", "msteamsv2.default.text"),
        ], static (s, reader) => OneOfTwo(s, reader, "webhook_url", "webhook_url_file"))),
        ("jira", Schema("jira", true,
        [
            Url("api_url"), OneOf("api_type", "auto", "cloud", "datacenter").Or("auto"), Text("project"), Any("summary"),
            Any("description"),
            Texts("labels"), Template("priority", "jira.default.priority"), Text("issue_type"), Text("reopen_transition"),
            Text("resolve_transition"),
            Text("wont_fix_resolution"), Duration("reopen_duration"), Any("fields"), Any("custom_fields"),
        ], static (s, reader) =>
        {
            Require(s, reader, "project", "missing project in jira_config");
            Require(s, reader, "issue_type", "missing issue_type in jira_config");
        })),
        ("rocketchat", Schema("rocketchat", false,
        [
            Url("api_url"), SecretText("token_id"), Text("token_id_file"), SecretText("token"), Text("token_file"), Text("channel"),
            Text("color").Or("{{ if eq .Status \"firing\" }}red{{ else }}green{{ end }}"), Template("title", "rocketchat.default.title"),
            Template("title_link", "rocketchat.default.titlelink"), Template("text", "rocketchat.default.text"),
            Subs("fields", RocketField),
            Bool("short_fields").Always(), Template("emoji", "rocketchat.default.emoji"),
            Template("icon_url", "rocketchat.default.iconurl"),
            Text("image_url"), Text("thumb_url"), Bool("link_names").Always(), Subs("actions", RocketAction),
        ], static (s, reader) =>
        {
            AtMostOne(s, reader, "token", "token_file");
            AtMostOne(s, reader, "token_id", "token_id_file");
        })),
        ("mattermost", Schema("mattermost", true,
        [
            SecretUrl("webhook_url"), Text("webhook_url_file"), Text("channel"), Template("username", "mattermost.default.username"),
            Template("text", "mattermost.default.text"), .. s_mattermostAttachment.Select(MattermostDefault), Text("icon_url"),
            Text("icon_emoji"),
            Text("type"), Subs("attachments", new SectionSchema("Mattermost attachment", s_mattermostAttachment)), Any("props"),
            Any("priority"),
        ], static (s, reader) => AtMostOne(s, reader, "webhook_url", "webhook_url_file"))),
    ];

    static SectionSchema Schema(string kind, bool sendsResolved, IReadOnlyList<Field> fields, Action<Section, SectionReader> validate) =>
        new($"{kind}_config",
            [Bool("send_resolved").Or(sendsResolved).Always(), OptionalSub("http_config", HttpClientSchema.Schema), .. fields], validate);

    static Field Template(string key, string name) => Text(key).Or($"{{{{ template \"{name}\" . }}}}");

    static Field MattermostDefault(Field field) => field.Key switch
    {
        "fallback" or "color" or "title" => Template(field.Key, $"mattermost.default.{field.Key}"),
        "title_link" => Template(field.Key, "mattermost.default.titlelink"),
        _ => field,
    };

    static void PagerDutyChecks(Section s, SectionReader reader)
    {
        if (HttpClientSchema.Count(s, "routing_key", "service_key", "routing_key_file", "service_key_file") == 0)
            reader.Error(s, "missing service or routing key in PagerDuty config");
        AtMostOne(s, reader, "routing_key", "routing_key_file");
        AtMostOne(s, reader, "service_key", "service_key_file");
        if (s.IsZero("source")) s.Set("source", s["client"]);
        var details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["firing"] = "{{ .Alerts.Firing | toJson }}",
            ["resolved"] = "{{ .Alerts.Resolved | toJson }}",
            ["num_firing"] = "{{ .Alerts.Firing | len }}",
            ["num_resolved"] = "{{ .Alerts.Resolved | len }}",
        };
        foreach (var (name, text) in s.Map("details")) details[name] = text;
        s.Set("details", details);
    }

    static void SlackChecks(Section s, SectionReader reader)
    {
        AtMostOne(s, reader, "api_url", "api_url_file");
        AtMostOne(s, reader, "app_token", "app_token_file");
        if (HttpClientSchema.Count(s, "app_token", "app_token_file") > 0 && HttpClientSchema.Count(s, "api_url", "api_url_file") > 0)
            reader.Error(s, "app_token", "at most one of app_token/app_token_file & api_url/api_url_file must be configured");
        if (s.Bool("update_message") && s.Secret("api_url") is { } url && url.Reveal() != AlertmanagerSchemas.SlackAppUrl)
            reader.Error(s, "update_message",
                $"update_message can only be used with bot tokens. api_url must be set to {AlertmanagerSchemas.SlackAppUrl}");
    }

    static void ResponderChecks(Section s, SectionReader reader)
    {
        if (HttpClientSchema.Count(s, "id", "username", "name") == 0)
            reader.Error(s, "opsGenieConfig responder has to have at least one of id, username or name specified");
        string type = s.Text("type");
        if (!type.Contains("{{", StringComparison.Ordinal)
            && type.ToLowerInvariant() is not ("team" or "teams" or "user" or "escalation" or "schedule"))
            reader.Error(s, "type", "opsGenieConfig responder type does not match valid options ^(team|teams|user|escalation|schedule)$");
    }

    static void Require(Section s, SectionReader reader, string key, string message)
    {
        if (!s.IsGiven(key)) reader.Error(s, key, message);
    }

    static void OneOfTwo(Section s, SectionReader reader, string key, string other)
    {
        if (HttpClientSchema.Count(s, key, other) == 0) reader.Error(s, key, $"one of {key} or {other} must be configured");
        AtMostOne(s, reader, key, other);
    }

    public static void AtMostOne(Section s, SectionReader reader, string key, string other)
    {
        if (HttpClientSchema.Count(s, key, other) > 1) reader.Error(s, key, $"at most one of {key} & {other} must be configured");
    }
}
