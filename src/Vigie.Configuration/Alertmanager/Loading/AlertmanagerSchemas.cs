using Vigie.Configuration.Http;
using Vigie.Configuration.Prometheus.Loading;
using Vigie.Configuration.Schema;
using static Vigie.Configuration.Schema.Fields;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>The keys of alertmanager.yml (Alertmanager, docs/configuration.md) in the order upstream prints them.</summary>
static class AlertmanagerSchemas
{
    public const string SlackAppUrl = "https://slack.com/api/chat.postMessage";

    static SectionSchema Global { get; } = new("global",
    [
        Duration("resolve_timeout").Or(TimeSpan.FromMinutes(5)).Always(), Sub("http_config", HttpClientSchema.Schema), Url("jira_api_url"),
        Text("smtp_from"), Text("smtp_hello").Or("localhost"), HostPort("smtp_smarthost"), Text("smtp_auth_username"),
        SecretText("smtp_auth_password"), Text("smtp_auth_password_file"), SecretText("smtp_auth_secret"), Text("smtp_auth_secret_file"),
        Text("smtp_auth_identity"), Bool("smtp_require_tls").Or(true).Always(), Sub("smtp_tls_config", HttpClientSchema.Tls).Always(),
        OptionalBool("smtp_force_implicit_tls"), SecretUrl("slack_api_url"), Text("slack_api_url_file"), SecretText("slack_app_token"),
        Text("slack_app_token_file"), Url("slack_app_url").Or(SlackAppUrl),
        Url("pagerduty_url").Or("https://events.pagerduty.com/v2/enqueue"),
        Url("opsgenie_api_url").Or("https://api.opsgenie.com/"), SecretText("opsgenie_api_key"), Text("opsgenie_api_key_file"),
        Url("wechat_api_url").Or("https://qyapi.weixin.qq.com/cgi-bin/"), SecretText("wechat_api_secret"), Text("wechat_api_secret_file"),
        Text("wechat_api_corp_id"), Url("victorops_api_url").Or("https://alert.victorops.com/integrations/generic/20131114/alert/"),
        SecretText("victorops_api_key"), Text("victorops_api_key_file"), Url("telegram_api_url").Or("https://api.telegram.org"),
        SecretText("telegram_bot_token"), Text("telegram_bot_token_file"), Url("webex_api_url").Or("https://webexapis.com/v1/messages"),
        Url("rocketchat_api_url").Or("https://open.rocket.chat/"), SecretText("rocketchat_token"), Text("rocketchat_token_file"),
        SecretText("rocketchat_token_id"), Text("rocketchat_token_id_file"), SecretUrl("mattermost_webhook_url"),
        Text("mattermost_webhook_url_file"),
    ], CheckGlobal);

    static Field Matchers(string key) => new(key, MatcherListType.Instance);

    static SectionSchema Route { get; } = CreateRoute();

    static SectionSchema CreateRoute()
    {
        var children = new RouteListType();
        var route = new SectionSchema("route",
        [
            Text("receiver"), Texts("group_by"), Map("match"), Map("match_re"), Matchers("matchers"), Texts("mute_time_intervals"),
            Texts("active_time_intervals"), Bool("continue").Always(), new Field("routes", children),
            OptionalDuration("group_wait"), OptionalDuration("group_interval"), OptionalDuration("repeat_interval"), Map("labels"),
        ], RouteChecks.Check);
        children.Schema = route;
        return route;
    }

    static SectionSchema InhibitRule { get; } = new("inhibit_rule",
    [
        Text("name"), Map("source_match"), Map("source_match_re"), Matchers("source_matchers"), Map("target_match"), Map("target_match_re"),
        Matchers("target_matchers"), Texts("equal"),
    ]);

    static SectionSchema Receiver { get; } = new("receiver",
    [
        Text("name").Always(), Map("labels"), .. ReceiverSchemas.ByKind.Select(static kind => Integration(kind.Kind, kind.Schema)),
    ],
    static (s, reader) =>
    {
        string name = s.Text("name");
        if (name.Length == 0) reader.Error(s, "name", "missing name in receiver");
        var labels = new Dictionary<string, string>(s.Map("labels"), StringComparer.Ordinal);
        if (!labels.TryAdd("name", name) && labels["name"] != name)
            reader.Error(s, "labels",
                $"receiver label \"name\" must match receiver name {Model.GoText.Quote(name)}, got {Model.GoText.Quote(labels["name"])}");
        s.Set("labels", labels);
    });

    /// <summary>Some kinds can live on global settings alone; the others say that there is nothing.</summary>
    static Field Integration(string kind, SectionSchema schema) =>
        Subs($"{kind}_configs", schema, kind is "slack" or "opsgenie" or "wechat" or "rocketchat" ? null : $"missing {kind} config");

    static SectionSchema TimeInterval { get; } = new("time_interval", [Text("name").Always(), TimeIntervalSchema.Ranges("time_intervals")],
        static (s, reader) =>
        {
            if (s.IsZero("name")) reader.Error(s, "name", "missing name in time interval");
        });

    public static SectionSchema Top { get; } = new("alertmanager.yml",
    [
        Sub("global", Global), OptionalSub("route", Route), Subs("inhibit_rules", InhibitRule), Subs("receivers", Receiver),
        Paths("templates").Always(), Subs("mute_time_intervals", TimeInterval), Subs("time_intervals", TimeInterval),
        OptionalSub("tracing", PrometheusSchemas.Tracing), Any("event_recorder"),
    ]);

    static void CheckGlobal(Section s, SectionReader reader)
    {
        foreach (string key in (ReadOnlySpan<string>)
        [
            "slack_app_token", "slack_api_url", "opsgenie_api_key", "victorops_api_key", "telegram_bot_token", "smtp_auth_password",
            "rocketchat_token", "rocketchat_token_id", "smtp_auth_secret", "wechat_api_secret", "mattermost_webhook_url",
        ]) ReceiverSchemas.AtMostOne(s, reader, key, key + "_file");
        // The URL of the app may stand in both: an older way to use tokens.
        bool token = HttpClientSchema.Count(s, "slack_app_token", "slack_app_token_file") > 0;
        if (token && HttpClientSchema.Count(s, "slack_api_url", "slack_api_url_file") > 0
            && s.Secret("slack_api_url")?.Reveal() != s.Text("slack_app_url"))
            reader.Error(s, "slack_app_token",
                "at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured");
    }
}
