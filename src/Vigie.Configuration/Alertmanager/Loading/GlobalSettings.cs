using Vigie.Configuration.Http;
using Vigie.Configuration.Schema;

namespace Vigie.Configuration.Alertmanager.Loading;

/// <summary>What an integration takes over from the global section when it has nothing of its own.</summary>
static class GlobalSettings
{
    public static void Fill(string kind, Section s, Section global, SectionReader reader)
    {
        if (kind != "email") FillHttp(s, global);
        switch (kind)
        {
            case "email":
                FillEmail(s, global, reader);
                break;
            case "slack":
                FillSlack(s, global, reader);
                break;
            case "pagerduty":
                Take(s, "url", global, "pagerduty_url");
                break;
            case "opsgenie":
                Take(s, "api_url", global, "opsgenie_api_url");
                EndWithSlash(s, "api_url");
                Take(s, "api_key", global, "opsgenie_api_key");
                Take(s, "api_key_file", global, "opsgenie_api_key_file");
                NeedOne(s, reader, "api_key", "api_key_file", "no global OpsGenie API Key set either inline or in a file");
                break;
            case "wechat":
                Take(s, "api_url", global, "wechat_api_url");
                EndWithSlash(s, "api_url");
                TakePair(s, "api_secret", global, "wechat_api_secret");
                NeedOne(s, reader, "api_secret", "api_secret_file", "no global Wechat Api Secret set either inline or in a file");
                Take(s, "corp_id", global, "wechat_api_corp_id");
                if (s.IsZero("corp_id")) reader.Error(s, "corp_id", "no global Wechat CorpID set");
                break;
            case "victorops":
                Take(s, "api_url", global, "victorops_api_url");
                EndWithSlash(s, "api_url");
                Take(s, "api_key", global, "victorops_api_key");
                Take(s, "api_key_file", global, "victorops_api_key_file");
                NeedOne(s, reader, "api_key", "api_key_file", "no global VictorOps API Key set");
                break;
            case "telegram":
                Take(s, "api_url", global, "telegram_api_url");
                TakePair(s, "bot_token", global, "telegram_bot_token");
                NeedOne(s, reader, "bot_token", "bot_token_file", "missing bot_token or bot_token_file on telegram_config");
                break;
            case "webex":
                Take(s, "api_url", global, "webex_api_url");
                break;
            case "jira":
                Take(s, "api_url", global, "jira_api_url");
                if (s.IsZero("api_url")) reader.Error(s, "api_url", "no global Jira Cloud URL set");
                break;
            case "rocketchat":
                Take(s, "api_url", global, "rocketchat_api_url");
                Take(s, "token_id", global, "rocketchat_token_id");
                Take(s, "token_id_file", global, "rocketchat_token_id_file");
                NeedOne(s, reader, "token_id", "token_id_file", "no global Rocketchat TokenID set either inline or in a file");
                Take(s, "token", global, "rocketchat_token");
                Take(s, "token_file", global, "rocketchat_token_file");
                NeedOne(s, reader, "token", "token_file", "no global Rocketchat Token set either inline or in a file");
                break;
            case "mattermost":
                TakePair(s, "webhook_url", global, "mattermost_webhook_url");
                NeedOne(s, reader, "webhook_url", "webhook_url_file", "missing webhook_url or webhook_url_file on mattermost_config");
                break;
        }
    }

    /// <summary>The whole block, or, for a block that says nothing of proxies, those settings only.</summary>
    static void FillHttp(Section s, Section global)
    {
        if (s.Sub("http_config") is not { } own) s.Set("http_config", global["http_config"]);
        else HttpClientSchema.TakeProxy(own, global.Sub("http_config")!);
    }

    static void FillEmail(Section s, Section global, SectionReader reader)
    {
        if (s["tls_config"] is null) s.Set("tls_config", global["smtp_tls_config"]);
        Take(s, "smarthost", global, "smtp_smarthost");
        if (s.IsZero("smarthost")) reader.Error(s, "smarthost", "no global SMTP smarthost set");
        Take(s, "from", global, "smtp_from");
        if (s.IsZero("from")) reader.Error(s, "from", "no global SMTP from set");
        Take(s, "hello", global, "smtp_hello");
        Take(s, "auth_username", global, "smtp_auth_username");
        TakePair(s, "auth_password", global, "smtp_auth_password");
        TakePair(s, "auth_secret", global, "smtp_auth_secret");
        Take(s, "auth_identity", global, "smtp_auth_identity");
        if (s["require_tls"] is null) s.Set("require_tls", global["smtp_require_tls"]);
        if (s["force_implicit_tls"] is null) s.Set("force_implicit_tls", global["smtp_force_implicit_tls"]);
    }

    static void FillSlack(Section s, Section global, SectionReader reader)
    {
        Take(s, "app_url", global, "slack_app_url");
        bool ownAuthorization = s.Has("http_config") && s.Sub("http_config")?.Sub("authorization") is not null;
        if (HttpClientSchema.Count(s, "app_token", "app_token_file") == 0 && !ownAuthorization && s.IsZero("api_url"))
        {
            s.Set("app_token", global["slack_app_token"]);
            s.Set("app_token_file", global["slack_app_token_file"]);
        }
        TakePair(s, "api_url", global, "slack_api_url");
        bool token = HttpClientSchema.Count(s, "app_token", "app_token_file") > 0;
        if (!token) NeedOne(s, reader, "api_url", "api_url_file", "no Slack API URL nor App token set either inline or in a file");
        if (!token) return;
        if (ownAuthorization) reader.Error(s, "http_config", "http authorization can't be set when using Slack App tokens");
        s.Set("http_config", HttpClientSchema.WithBearer(s.Sub("http_config")!, s.Secret("app_token"), s.Text("app_token_file")));
        s.Set("api_url", new Secret(s.Text("app_url")));
    }

    /// <summary>The global value, if there is none.</summary>
    static void Take(Section s, string key, Section global, string globalKey)
    {
        if (s.IsZero(key)) s.Set(key, global[globalKey]);
    }

    /// <summary>A value and its file together, if neither is given.</summary>
    static void TakePair(Section s, string key, Section global, string globalKey)
    {
        if (HttpClientSchema.Count(s, key, key + "_file") > 0) return;
        s.Set(key, global[globalKey]);
        s.Set(key + "_file", global[globalKey + "_file"]);
    }

    static void NeedOne(Section s, SectionReader reader, string key, string other, string message)
    {
        if (HttpClientSchema.Count(s, key, other) == 0) reader.Error(s, key, message);
    }

    static void EndWithSlash(Section s, string key)
    {
        if (!s.Text(key).EndsWith('/')) s.Set(key, s.Text(key) + "/");
    }
}
